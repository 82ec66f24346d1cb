package io.tideline.schedule;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What of a configuration file runs by itself, and who is told. A plan or a run does not know it.
 *
 * @param policies the schedules of policies that are on, by name, in the order of the file
 * @param jobs the commands that run by themselves
 * @param notices who is told of what
 * @param alarmAfter how long a policy may have expired rows and delete nothing, by its name; where
 *     a policy is missing, {@link #alarmAfter(String)} says it
 */
public record Timetable(
    Map<String, Schedule> policies,
    List<Job> jobs,
    List<Notice> notices,
    Map<String, Duration> alarmAfter) {
  /** The shortest time after which a policy that deletes nothing alarms by default. */
  public static final Duration LEAST_ALARM = Duration.ofDays(3);

  /** Nothing runs by itself, and nobody is told. */
  public static final Timetable NONE = new Timetable(Map.of(), List.of(), List.of(), Map.of());

  /** Copies the collections; the order of policies stays. */
  public Timetable {
    policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
    jobs = List.copyOf(jobs);
    notices = List.copyOf(notices);
    alarmAfter = Map.copyOf(alarmAfter);
  }

  /** How long a policy may have expired rows and delete nothing; empty if the file does not say. */
  public Optional<Duration> alarmAfter(String policy) {
    return Optional.ofNullable(alarmAfter.get(policy));
  }

  /** Whether anything runs by itself. */
  public boolean isEmpty() {
    return policies.isEmpty() && jobs.isEmpty();
  }
}
