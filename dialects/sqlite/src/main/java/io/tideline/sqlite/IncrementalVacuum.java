package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import io.tideline.policy.Pace;
import io.tideline.policy.Strain;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Gives free pages back in steps so short that writers hardly notice: each moves some pages from
 * the end of the file into free ones, and is sized by how long the one before held the lock.
 *
 * @see <a href="https://sqlite.org/pragma.html#pragma_incremental_vacuum">incremental_vacuum</a>
 */
final class IncrementalVacuum {
  private static final int FIRST = 100;
  private static final int LEAST = 10;

  /**
   * Other connections checkpoint within a commit of theirs as soon as the log has 1,000 pages: it
   * is copied before, after every step.
   */
  private static final int MOST = 250;

  private static final Duration TARGET = Duration.ofMillis(8);
  private static final Duration WAIT = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Session session;
  private final ReclaimTask task;
  private final Optional<Checkpoints> checkpoints;
  private final Optional<Gap> gap;
  private Duration waited = Duration.ZERO;

  IncrementalVacuum(Session session, ReclaimTask task, boolean log) {
    this.session = session;
    this.task = task;
    this.checkpoints = log ? Optional.of(new Checkpoints(session)) : Optional.empty();
    this.gap = log ? Optional.of(new Gap(session)) : Optional.empty();
  }

  /**
   * Works until no page is free, or somebody wants it to end.
   *
   * @return what could not be done; empty if all is well
   */
  List<String> run() {
    try {
      long pageSize = Long.parseLong(session.pragma("page_size"));
      long all = free();
      long size = FIRST;
      long left = all;
      while (left > 0 && !task.stopping().getAsBoolean()) {
        if (gap.isPresent()) {
          gap.get().await();
        }
        long began = System.nanoTime();
        session.execute("PRAGMA main.incremental_vacuum(" + size + ")");
        long took = System.nanoTime() - began;
        long now = free();
        if (now >= left && !patient(now)) {
          return List.of(
              "Stopped with "
                  + now
                  + " pages free: the application frees pages as fast as they are given back.");
        }
        left = now;
        size = Rests.sized(size, took, TARGET, LEAST, MOST);
        task.listener().at("giving pages back", (all - left) * pageSize, all * pageSize);
        task.listener().stepped("pages-given-back");
        Optional<String> held = yieldToReaders();
        if (held.isPresent()) {
          return List.of(held.get());
        }
        Rests.after(took, task);
      }
      return List.of();
    } catch (SQLException e) {
      throw Failures.reading("Cannot give pages of " + session.file().path() + " back", e);
    }
  }

  private boolean patient(long now) {
    Rests.sleep(WAIT);
    waited = waited.plus(WAIT);
    return now > 0 && waited.compareTo(PATIENCE) < 0;
  }

  /** The log must not grow by what is moved: then its space would only change places. */
  private Optional<String> yieldToReaders() throws SQLException {
    Optional<Strain> strain = strain();
    while (strain.isPresent() && waited.compareTo(PATIENCE) < 0) {
      if (task.stopping().getAsBoolean()) {
        return Optional.empty();
      }
      Rests.sleep(WAIT);
      waited = waited.plus(WAIT);
      strain = strain();
    }
    return strain.map(each -> "Stopped early: " + each.what() + ". Run it again later.");
  }

  private Optional<Strain> strain() throws SQLException {
    if (checkpoints.isPresent()) {
      LogCut.checkpoint(session, "PASSIVE");
    }
    return checkpoints.flatMap(each -> each.relax(Pace.GENTLE));
  }

  private long free() throws SQLException {
    return Long.parseLong(session.pragma("freelist_count"));
  }
}
