package io.tideline.config;

import io.tideline.policy.Policy;
import io.tideline.policy.Settings;
import io.tideline.policy.Span;
import io.tideline.schedule.Job;
import io.tideline.schedule.Notice;
import io.tideline.schedule.Schedule;
import io.tideline.schedule.Timetable;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * Reads what of the file runs by itself, and who is told; {@link SettingsReader} reads the rest.
 */
final class TimetableReader {
  private final Reading reading;

  TimetableReader(Reading reading) {
    this.reading = reading;
  }

  /**
   * The timetable.
   *
   * @param settings what else the file says; empty if that could not be read
   */
  Timetable read(Node root, Optional<Settings> settings) {
    return Entries.ofNames(root, "the file", reading)
        .map(top -> read(top, settings.map(Settings::policies).orElse(List.of())))
        .orElse(Timetable.NONE);
  }

  private Timetable read(Entries top, List<Policy> policies) {
    ScheduleReader outer = new ScheduleReader(reading);
    ScheduleReader inner = outer.within(top);
    Optional<Schedule> usual = outer.read(top);
    Optional<Duration> alarm = alarm(top);
    Map<String, Schedule> schedules = new LinkedHashMap<>();
    Map<String, Duration> alarms = new HashMap<>();
    Map<String, Node> nodes = entries(top, "policies");
    nodes.forEach(
        (name, node) ->
            Entries.ofNames(node, "policy '" + name + "'", reading)
                .ifPresent(
                    policy -> {
                      schedule(policy, usual, inner).ifPresent(own -> schedules.put(name, own));
                      alarm(policy).or(() -> alarm).ifPresent(own -> alarms.put(name, own));
                    }));
    schedules.keySet().retainAll(on(policies));
    return new Timetable(schedules, jobs(top, inner, nodes, schedules), notices(top), alarms);
  }

  /** The policy's own schedule, or the one of the file with the policy's zone and jitter. */
  private Optional<Schedule> schedule(
      Entries policy, Optional<Schedule> usual, ScheduleReader inner) {
    boolean own = policy.value("cron").isPresent() || policy.value("every").isPresent();
    if (own) {
      return inner.read(policy);
    }
    for (String key : List.of("timezone", "jitter")) {
      policy
          .value(key)
          .ifPresent(
              node ->
                  reading.problem(
                      node,
                      policy.label(key) + " needs a schedule beside it.",
                      "Add 'cron:' or 'every:' to the policy, or remove it."));
    }
    return usual;
  }

  private static Set<String> on(List<Policy> policies) {
    return policies.stream()
        .filter(policy -> policy.retain().isPresent())
        .map(Policy::name)
        .collect(Collectors.toSet());
  }

  private Optional<Duration> alarm(Entries entries) {
    return entries
        .scalar("alarm_after")
        .flatMap(s -> reading.parse(s, t -> Span.parse(t, entries.label("alarm_after"))));
  }

  private List<Job> jobs(
      Entries top,
      ScheduleReader inner,
      Map<String, Node> policies,
      Map<String, Schedule> schedules) {
    return present(top, "jobs")
        .map(
            node ->
                new JobsReader(reading, inner, policies.keySet(), schedules.keySet()).read(node))
        .orElse(List.of());
  }

  private List<Notice> notices(Entries top) {
    return present(top, "notify").map(new NoticesReader(reading)::read).orElse(List.of());
  }

  private Map<String, Node> entries(Entries top, String key) {
    return present(top, key)
        .flatMap(node -> Entries.ofNames(node, "'" + key + "' of the file", reading))
        .map(Entries::values)
        .orElse(Map.of());
  }

  private static Optional<Node> present(Entries top, String key) {
    return top.value(key).filter(node -> !node.getTag().equals(Tag.NULL));
  }
}
