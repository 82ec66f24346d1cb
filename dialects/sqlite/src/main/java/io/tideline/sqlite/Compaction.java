package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;

/**
 * Compacts a file beside live traffic. Triggers log the keys of changed rows; {@code VACUUM INTO}
 * makes a compact copy of a snapshot; the copy follows the log; then the online backup API writes
 * the copy into the live file as one transaction. Its first step takes the write lock, and before
 * its second the copy takes over the last changes: as long as that and the writing take, writers
 * wait, and readers never. Until its commit the live file is what it was.
 */
final class Compaction {
  private static final String UNCHANGED = "The copy was discarded; the database is unchanged.";
  private static final int TRIES = 3;

  /** So few changes are taken over in some milliseconds. */
  private static final long FEW = 200;

  private static final int ROUNDS = 200;

  private final DatabaseFile file;
  private final Session session;
  private final ReclaimTask task;
  private final Path target;
  private final Leftovers leftovers;
  private boolean made;
  private boolean begun;
  private boolean home;

  Compaction(DatabaseFile file, Session session, ReclaimTask task) {
    this.file = file;
    this.session = session;
    this.task = task;
    this.target = Leftovers.copy(file);
    this.leftovers = new Leftovers(session);
  }

  /** Does it. @return what could not be done; empty if all is well */
  List<String> run() {
    try {
      check();
      compact();
    } catch (SQLException | RuntimeException e) {
      throw tidied(told(e));
    } catch (Error e) {
      tidy(e);
      throw e;
    }
    leftovers.remove();
    task.listener().stepped("compaction-tidied");
    return new LogCut(session, task).cut();
  }

  private RuntimeException told(Exception e) {
    RuntimeException told =
        e instanceof SQLException sql
            ? Failures.reading("Cannot compact " + file.path(), sql)
            : (RuntimeException) e;
    return home && told instanceof TidelineException known
        ? new TidelineException(
            known.code(),
            known.what(),
            "The database is compact; this failed afterwards.",
            known.mend(),
            known)
        : told;
  }

  /** What is left then is a state that must be told: it costs every writer. */
  private RuntimeException tidied(RuntimeException failure) {
    if (tidy(failure)) {
      return failure;
    }
    Optional<Leftovers.StillThere> left = leftovers.stillThere();
    return left.isPresent() ? left.get().told(failure) : failure;
  }

  /** Removes what was made. @return whether nothing of it is left */
  private boolean tidy(Throwable failure) {
    if (!made) {
      return true;
    }
    try {
      leftovers.remove();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
      return false;
    }
    if (begun && !home) {
      cutLog(failure);
    }
    return true;
  }

  /** What was rolled back left it as long as the copy. */
  private void cutLog(Throwable failure) {
    try {
      new LogCut(session, task).cut();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void check() throws SQLException {
    CompactedTables tables = new CompactedTables(session);
    String refusal = tables.refusal(FileState.read(session));
    if (!refusal.isEmpty()) {
      throw impossible(file, refusal);
    }
    task.listener().at("checking the file", 0, 0);
    Interruptible.run(
        session,
        task,
        () -> {
          String nameless = tables.withoutName();
          if (!nameless.isEmpty()) {
            throw impossible(
                file, "A primary key of " + nameless + " holds NULL, which equals nothing.");
          }
          String found = integrity();
          if (!found.equals("ok")) {
            throw new TidelineException(
                ErrorCode.DATABASE_CORRUPT,
                "Cannot compact " + file.path() + ": integrity_check says: " + found + ".",
                "Nothing was changed.",
                "Restore it from a backup.");
          }
        });
  }

  /** Damage has codes of its own: else something is missing that only the application has. */
  private String integrity() throws SQLException {
    try {
      return session.strings("PRAGMA main.integrity_check(1)").get(0)[0];
    } catch (SQLException e) {
      if (Failures.primary(e) != SQLiteErrorCode.SQLITE_ERROR) {
        throw e;
      }
      throw impossible(
          file,
          "SQLite cannot check it: " + Failures.reason(e) + ".",
          "Let a program run VACUUM that has the application's collations and functions.");
    }
  }

  /** That no compact copy of a file can be made. */
  static TidelineException impossible(DatabaseFile file, String why) {
    return impossible(file, why, "Take `tideline reclaim --way vacuum` in a window.");
  }

  private static TidelineException impossible(DatabaseFile file, String why, String mend) {
    return new TidelineException(
        ErrorCode.RECLAIM_IMPOSSIBLE,
        "Cannot compact " + file.path() + ". " + why,
        "Nothing was changed.",
        mend);
  }

  /** That a copy is not what the live file is. */
  static TidelineException discarded(Path live, String why) {
    return new TidelineException(
        ErrorCode.COMPACTION_DISCARDED,
        "Cannot bring the compact copy of " + live + " home: " + why + ".",
        UNCHANGED,
        "Run it again; if it happens again, take `tideline reclaim --way vacuum` in a window.");
  }

  private void compact() throws SQLException {
    createEmpty();
    made = true;
    ChangeCapture.Captured captured = new ChangeCapture(session, task).begin();
    task.listener().stepped("compaction-capturing");
    task.listener().at("building a compact copy", 0, 0);
    if (task.toIncremental() && FileState.read(session).autoVacuum() == FileState.NONE) {
      // Concerns only files that are written anew; one that has auto_vacuum would be changed at
      // once: https://sqlite.org/pragma.html#pragma_auto_vacuum
      session.execute("PRAGMA main.auto_vacuum=" + FileState.INCREMENTAL);
    }
    Interruptible.run(
        session,
        task,
        () -> session.update(session.sql().add("VACUUM main INTO ").value(target.toString())));
    task.listener().stepped("compaction-copied");
    try (CompactCopy copy = CompactCopy.open(target, file, task, captured)) {
      catchUp(copy);
      task.listener().stepped("compaction-caught-up");
      task.listener().at("comparing the copy", 0, 0);
      copy.followAndCompareAll();
      task.listener().stepped("compaction-compared");
      requireGoingOn(file, task);
      for (int attempt = 1; !broughtHome(copy, attempt == TRIES); attempt++) {
        requireGoingOn(file, task);
      }
    }
    task.listener().stepped("compaction-brought-home");
  }

  /** SQLite takes an empty file for a new one; made here, it is the owner's only. */
  private void createEmpty() {
    try {
      boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
      FileAttribute<?>[] mode =
          posix
              ? new FileAttribute<?>[] {
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
              }
              : new FileAttribute<?>[0];
      Files.createFile(target, mode);
    } catch (IOException e) {
      throw new TidelineException(
          ErrorCode.RECLAIM_IMPOSSIBLE,
          "Cannot make the file " + target + ": " + e.getMessage() + ".",
          "Nothing was changed.",
          "Give this user the right to write to the folder, and run it again.",
          e);
    }
  }

  private void catchUp(CompactCopy copy) throws SQLException {
    for (int round = 0; copy.follow() > FEW; round++) {
      requireGoingOn(file, task);
      if (round == ROUNDS) {
        throw discarded(file.path(), "rows change faster than it can follow");
      }
    }
  }

  /**
   * @throws TidelineException {@code INTERRUPTED} if somebody wants it to end
   */
  static void requireGoingOn(DatabaseFile file, ReclaimTask task) {
    if (task.stopping().getAsBoolean()) {
      throw new TidelineException(
          ErrorCode.INTERRUPTED,
          "Cannot compact " + file.path() + ": it was told to stop.",
          UNCHANGED,
          "Run the same command again.");
    }
  }

  /**
   * Writes the copy into the live file.
   *
   * @param last whether a lock that is not had is a failure
   * @return whether it is done; false if others held the lock
   */
  private boolean broughtHome(CompactCopy copy, boolean last) throws SQLException {
    catchUp(copy);
    copy.followAndCompareDoubtful();
    catchUp(copy);
    Homecoming coming = new Homecoming(session, task, copy);
    try {
      home = coming.tried(last);
    } finally {
      begun |= coming.begun();
    }
    if (home) {
      // At once: else the next writer's commit copies the whole log, and is as long as that takes.
      LogCut.checkpoint(session, "PASSIVE");
    }
    return home;
  }
}
