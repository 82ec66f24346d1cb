package io.tideline.config;

import io.tideline.error.Nearest;
import io.tideline.schedule.Job;
import io.tideline.schedule.Schedule;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads the jobs: what runs by itself besides the policies. */
final class JobsReader {
  private final Reading reading;
  private final ScheduleReader schedules;
  private final Set<String> policies;
  private final Set<String> scheduled;

  /**
   * @param policies the names of all policies
   * @param scheduled the names of those that run by themselves
   */
  JobsReader(
      Reading reading, ScheduleReader schedules, Set<String> policies, Set<String> scheduled) {
    this.reading = reading;
    this.schedules = schedules;
    this.policies = policies;
    this.scheduled = scheduled;
  }

  List<Job> read(Node node) {
    Optional<Entries> names = Entries.ofNames(node, "'jobs' of the file", reading);
    Map<String, Job> jobs = new LinkedHashMap<>();
    Map<String, Node> places = new LinkedHashMap<>();
    names
        .map(Entries::values)
        .orElse(Map.of())
        .forEach(
            (name, each) -> {
              places.put(name, each);
              read(name, each).ifPresent(job -> jobs.put(name, job));
            });
    jobs.values().forEach(job -> checkAfter(job, jobs, places));
    return List.copyOf(jobs.values());
  }

  private Optional<Job> read(String name, Node node) {
    if (!PolicyReader.NAME.matcher(name).matches() || policies.contains(name)) {
      reading.problem(
          node,
          policies.contains(name)
              ? "A policy is named '" + name + "' already."
              : "A job cannot be named '" + name + "'.",
          policies.contains(name)
              ? "Give the job a name of its own."
              : "Use up to 63 letters, digits, '-', '_' and '.', a letter or digit first.");
    }
    return Entries.of(node, "job '" + name + "'", Keys.JOB, reading).flatMap(e -> read(name, e));
  }

  private Optional<Job> read(String name, Entries entries) {
    Optional<List<String>> command = command(entries);
    Optional<Schedule> schedule = schedules.read(entries);
    Optional<String> after = entries.scalar("after").map(Scalar::value);
    boolean timed = entries.value("cron").isPresent() || entries.value("every").isPresent();
    if (timed == entries.value("after").isPresent()) {
      reading.problem(
          entries.node(),
          "Job '" + name + "' " + (timed ? "has a time and 'after'." : "never runs."),
          timed ? "Keep one of them." : "Add 'cron:', 'every:', or 'after: policy or job'.");
      return Optional.empty();
    }
    return command.map(words -> new Job(name, words, schedule, after));
  }

  private Optional<List<String>> command(Entries entries) {
    Optional<Node> node = entries.value("command");
    if (node.isEmpty()) {
      entries.required("command", "command: verify");
      return Optional.empty();
    }
    List<String> words = words(node.get(), entries.label("command"));
    if (words.isEmpty()) {
      return Optional.empty();
    }
    if (JobCommands.of(words).isEmpty()) {
      String typed = words.get(0);
      reading.problem(
          node.get(),
          entries.label("command") + " cannot be '" + String.join(" ", words) + "'.",
          Nearest.to(typed, JobCommands.known())
                  .map(near -> "Did you mean '" + near + "'? ")
                  .orElse("")
              + "A job may be: "
              + String.join(", ", JobCommands.known())
              + ".");
      return Optional.empty();
    }
    return ownConfig(words, node.get(), entries) ? Optional.of(words) : Optional.empty();
  }

  /** The words of a list, or of one line split at blanks. */
  private List<String> words(Node node, String label) {
    if (!(node instanceof SequenceNode list)) {
      return reading
          .scalar(node, label)
          .map(scalar -> List.of(scalar.value().strip().split("\\s+")))
          .orElse(List.of());
    }
    List<String> words = new ArrayList<>();
    list.getValue()
        .forEach(each -> reading.scalar(each, label).ifPresent(s -> words.add(s.value())));
    return words.size() == list.getValue().size() ? words : List.of();
  }

  private boolean ownConfig(List<String> words, Node node, Entries entries) {
    Optional<String> other =
        words.stream()
            .filter(
                word ->
                    word.equals("-c") || word.equals("--config") || word.startsWith("--config="))
            .findFirst();
    other.ifPresent(
        option ->
            reading.problem(
                node,
                entries.label("command") + " names a configuration of its own.",
                "Leave " + option + " out: a job goes by the file that it stands in."));
    return other.isEmpty();
  }

  private void checkAfter(Job job, Map<String, Job> jobs, Map<String, Node> places) {
    Optional<String> after = job.after();
    if (after.isEmpty()) {
      return;
    }
    String name = after.get();
    Node place = places.getOrDefault(job.name(), null);
    if (place == null) {
      return;
    }
    if (!jobs.containsKey(name) && !places.containsKey(name) && !policies.contains(name)) {
      Set<String> known = new HashSet<>(policies);
      known.addAll(places.keySet());
      reading.problem(
          place,
          "Job '" + job.name() + "' follows '" + name + "', which is no policy and no job.",
          Nearest.sentence("policies and jobs", name, known.stream().sorted().toList()));
    } else if (policies.contains(name) && !scheduled.contains(name)) {
      reading.problem(
          place,
          "Job '" + job.name() + "' follows policy '" + name + "', which never runs by itself.",
          "Turn the policy on with 'retain' and give it 'cron' or 'every', or follow another.");
    } else if (circle(job, jobs)) {
      reading.problem(
          place,
          "Job '" + job.name() + "' follows itself.",
          "Give one of the jobs in the circle 'cron' or 'every' in place of 'after'.");
    }
  }

  private static boolean circle(Job job, Map<String, Job> jobs) {
    Set<String> seen = new HashSet<>();
    Job at = job;
    while (at != null && seen.add(at.name())) {
      at = at.after().map(jobs::get).orElse(null);
    }
    return at != null;
  }
}
