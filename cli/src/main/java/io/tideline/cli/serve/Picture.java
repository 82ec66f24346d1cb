package io.tideline.cli.serve;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How everything stands, as other threads may see it.
 *
 * @param at when
 * @param stopping whether the process is about to end
 * @param databases each database
 * @param unusable what is wrong with files of which no version was ever right, by label
 * @param untold how many notices could not be told
 */
record Picture(
    Instant at,
    boolean stopping,
    List<OfDatabase> databases,
    Map<String, String> unusable,
    long untold) {
  static final Picture NONE = new Picture(Instant.EPOCH, false, List.of(), Map.of(), 0);

  /**
   * One database.
   *
   * @param running what runs; empty if nothing does
   * @param waiting why what is due does not go on, as a word: {@code window}, {@code queue} or that
   *     of a strain; empty if it does
   * @param waitingFor the same as a sentence
   * @param bytes its size after the last run; -1 if not known
   * @param inDoubt its manifests in doubt after the last run; -1 if not known
   */
  record OfDatabase(
      String database,
      String config,
      String running,
      String waiting,
      String waitingFor,
      String broken,
      long bytes,
      int inDoubt,
      List<OfItem> items) {
    /** What is wrong, one sentence each. */
    List<String> problems() {
      List<String> problems = new ArrayList<>();
      if (!broken.isEmpty()) {
        problems.add("The file is broken, an earlier version goes on: " + broken);
      }
      for (OfItem item : items) {
        if (item.failing()) {
          problems.add(
              "The last run of " + item.kind() + " " + item.name() + " failed: " + item.failure());
        }
        if (item.alarmed()) {
          problems.add(
              "Policy " + item.name() + " has expired rows and has deleted nothing for long.");
        }
      }
      return problems;
    }
  }

  /** One policy or job. */
  record OfItem(
      String name,
      String kind,
      @Nullable Instant next,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Instant succeededAt,
      int exit,
      boolean failing,
      String failure,
      String run,
      long runs,
      long failures,
      long archived,
      long removed,
      long expired,
      @Nullable Instant idleSince,
      boolean alarmed) {}
}
