package io.tideline.sqlite;

import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a compaction needs while it works, and a killed one leaves: a copy, triggers, their log. */
final class Leftovers {
  static final String COPY = ".tideline-copy";
  private static final List<String> ENDINGS = List.of("", "-journal", "-wal", "-shm");

  private static final String OURS =
      """
      SELECT type, name FROM main.sqlite_schema
      WHERE substr(name, 1, length(?1)) = ?1 AND type IN ('trigger', 'table') AND instr(sql, ?2)
      ORDER BY type DESC""";

  /** More names than this are no help. */
  private static final int NAMED = 5;

  /** So many rows of the log go in one transaction. */
  private static final long BATCH = 2_000;

  private final Session session;

  Leftovers(Session session) {
    this.session = session;
  }

  /** The file of the copy. */
  static Path copy(DatabaseFile file) {
    return file.beside(COPY);
  }

  /** What there is, one phrase each. */
  List<String> found() {
    try {
      List<String> found = new ArrayList<>();
      for (String ending : ENDINGS) {
        Path path = session.file().beside(COPY + ending);
        if (Files.exists(path)) {
          found.add("the file " + path);
        }
      }
      ours().forEach(row -> found.add("the " + row[0] + " " + row[1]));
      return found;
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the schema of " + session.file().path(), e);
    }
  }

  private List<String[]> ours() throws SQLException {
    return session.strings(OURS, ChangeCapture.PREFIX, ChangeCapture.MARK);
  }

  /** Removes it, the copy first: the rest takes a little room on the disk. */
  List<String> remove() {
    List<String> found = found();
    try {
      for (String ending : ENDINGS) {
        Files.deleteIfExists(session.file().beside(COPY + ending));
      }
      List<String[]> ours = ours();
      if (!ours.isEmpty()) {
        drop(ours);
      }
      return found;
    } catch (SQLException e) {
      throw Failures.reading("Cannot remove what a compaction left in " + place(), e);
    } catch (IOException e) {
      throw new TidelineException(
          ErrorCode.RIGHTS_MISSING,
          "Cannot remove what a compaction left beside " + place() + ": " + e.getMessage() + ".",
          "The database is as usable as before.",
          "Remove the file " + copy(session.file()) + " by hand.",
          e);
    }
  }

  /**
   * What could not be removed after a failure.
   *
   * @param what it is, in words
   * @param costs whether it costs writers
   */
  record StillThere(String what, boolean costs) {
    /** The failure, telling so. */
    TidelineException told(RuntimeException failure) {
      boolean known = failure instanceof TidelineException;
      TidelineException first =
          known
              ? (TidelineException) failure
              : new TidelineException(
                  ErrorCode.DEFECT,
                  "Cannot compact: " + failure.getMessage(),
                  "No row was changed.",
                  "Report this.",
                  failure);
      return new TidelineException(
          first.code(),
          first.what(),
          first.state()
              + " But what the compaction needed could not be removed: "
              + what
              + "."
              + (costs ? " Until it is, each change writes one or two rows more." : ""),
          "Remove it with `tideline reclaim --tidy`. " + first.mend(),
          failure);
    }
  }

  /** What is there after {@link #remove} failed; empty if nothing is. */
  Optional<StillThere> stillThere() {
    try {
      List<String> found = found();
      String more = found.size() > NAMED ? ", and " + (found.size() - NAMED) + " more" : "";
      return found.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new StillThere(
                  found.stream().limit(NAMED).collect(Collectors.joining(", ")) + more,
                  found.stream().anyMatch(each -> each.startsWith("the trigger"))));
    } catch (RuntimeException e) {
      return Optional.of(new StillThere("triggers and a table " + ChangeCapture.LOG, true));
    }
  }

  /** A log that was left for days may be long: it goes in short transactions. */
  private void drop(List<String[]> ours) throws SQLException {
    List<String> triggers =
        ours.stream().filter(row -> row[0].equals("trigger")).map(row -> row[1]).toList();
    dropTriggers(triggers);
    boolean log = triggers.size() < ours.size();
    if (log) {
      String table = "main." + Sql.quote(ChangeCapture.LOG);
      Sql some =
          session
              .sql()
              .add("DELETE FROM " + table + " WHERE seq IN (SELECT seq FROM " + table + " LIMIT ")
              .value(BATCH)
              .add(")");
      while (session.update(some) == BATCH) {
        Rests.sleep(Duration.ofMillis(20));
      }
      session.execute("DROP TABLE " + table);
    }
  }

  /** Thousands of them go in several transactions, as they were made. */
  private void dropTriggers(List<String> names) throws SQLException {
    session.execute("BEGIN IMMEDIATE");
    try {
      long began = System.nanoTime();
      for (String name : names) {
        session.execute("DROP TRIGGER main." + Sql.quote(name));
        if (System.nanoTime() - began > ChangeCapture.HELD.toNanos()) {
          session.execute("COMMIT");
          Rests.sleep(ChangeCapture.HELD);
          session.execute("BEGIN IMMEDIATE");
          began = System.nanoTime();
        }
      }
      session.execute("COMMIT");
    } catch (SQLException e) {
      rollBack(e);
      throw e;
    }
  }

  private void rollBack(SQLException failure) {
    try {
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }

  private String place() {
    return session.file().path().toString();
  }
}
