package io.tideline.cli.serve;

import io.tideline.schedule.Job;
import io.tideline.schedule.Schedule;
import io.tideline.schedule.Timetable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A policy or a job that runs by itself.
 *
 * @param name its name, unique in its file
 * @param schedule when; empty for a job that follows another
 * @param job the job; empty for a policy
 */
record Item(String name, Optional<Schedule> schedule, Optional<Job> job) {
  /** The items of a file, policies first. */
  static List<Item> of(Timetable timetable) {
    List<Item> items = new ArrayList<>();
    timetable
        .policies()
        .forEach((name, each) -> items.add(new Item(name, Optional.of(each), Optional.empty())));
    timetable
        .jobs()
        .forEach(job -> items.add(new Item(job.name(), job.schedule(), Optional.of(job))));
    return items;
  }

  boolean isPolicy() {
    return job.isEmpty();
  }

  /** {@code policy} or {@code job}. */
  String kind() {
    return isPolicy() ? "policy" : "job";
  }

  /** What a change of makes it begin anew. */
  String timing() {
    return schedule.map(each -> each.timing().display()).orElse("");
  }
}
