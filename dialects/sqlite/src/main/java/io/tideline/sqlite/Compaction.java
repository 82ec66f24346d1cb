package io.tideline.sqlite;

import io.tideline.dialect.ReclaimTask;
import io.tideline.error.ErrorCode;
import io.tideline.error.ExitCode;
import io.tideline.error.TidelineException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.core.DB;

/**
 * Compacts a file beside live traffic. Triggers log the keys of changed rows; {@code VACUUM INTO}
 * makes a compact copy of a snapshot; the copy follows the log; then the online backup API writes
 * the copy into the live file as one transaction. Its first step takes the write lock, and before
 * its second the copy takes over the last changes: as long as that and the writing take, writers
 * wait, and readers never. Until its commit the live file is what it was.
 */
final class Compaction {
  private static final int STEP = 500;
  private static final int TRIES = 3;

  /** So few changes are taken over in some milliseconds. */
  private static final long FEW = 200;

  private static final int ROUNDS = 200;

  private final DatabaseFile file;
  private final Session session;
  private final ReclaimTask task;
  private final Path target;
  private long bytes;

  Compaction(DatabaseFile file, Session session, ReclaimTask task) {
    this.file = file;
    this.session = session;
    this.task = task;
    this.target = Leftovers.copy(file);
  }

  /** Does it. @return what could not be done; empty if all is well */
  List<String> run() {
    Leftovers leftovers = new Leftovers(session);
    try {
      check();
      compact();
    } catch (SQLException | RuntimeException e) {
      RuntimeException told = told(e);
      tidy(leftovers, told);
      throw told;
    }
    leftovers.remove();
    task.listener().stepped("compaction-tidied");
    return new LogCut(session, task).cut();
  }

  private RuntimeException told(Exception e) {
    if (e instanceof SQLException sql) {
      return Failures.reading("Cannot compact " + file.path(), sql);
    }
    return e instanceof RuntimeException known ? known : new IllegalStateException(e);
  }

  private static void tidy(Leftovers leftovers, RuntimeException failure) {
    try {
      leftovers.remove();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void check() throws SQLException {
    String refusal = new CompactedTables(session).refusal(FileState.read(session));
    if (!refusal.isEmpty()) {
      throw impossible(refusal);
    }
    task.listener().at("checking the file", 0, 0);
    String nameless = new CompactedTables(session).withoutName();
    if (!nameless.isEmpty()) {
      throw impossible("A primary key of " + nameless + " holds NULL, which equals nothing.");
    }
    Interruptible.run(
        session,
        task,
        () -> {
          String found = session.strings("PRAGMA main.integrity_check(1)").get(0)[0];
          if (!found.equals("ok")) {
            throw new TidelineException(
                ErrorCode.DATABASE_CORRUPT,
                "Cannot compact " + file.path() + ": integrity_check says: " + found + ".",
                "Nothing was changed.",
                "Restore it from a backup.");
          }
        });
  }

  private TidelineException impossible(String why) {
    return new TidelineException(
        ErrorCode.RECLAIM_IMPOSSIBLE,
        "Cannot compact " + file.path() + ". " + why,
        "Nothing was changed.",
        "Take `tideline reclaim --way vacuum` in a window.");
  }

  private void compact() throws SQLException {
    createEmpty();
    ChangeCapture.Captured captured = new ChangeCapture(session).begin();
    task.listener().stepped("compaction-capturing");
    task.listener().at("building a compact copy", 0, 0);
    if (task.toIncremental()) {
      // Concerns only files that are written anew:
      // https://sqlite.org/pragma.html#pragma_auto_vacuum
      session.execute("PRAGMA main.auto_vacuum=" + FileState.INCREMENTAL);
    }
    Interruptible.run(
        session,
        task,
        () -> session.update(session.sql().add("VACUUM main INTO ").value(target.toString())));
    task.listener().stepped("compaction-copied");
    bytes = target.toFile().length();
    try (CompactCopy copy = CompactCopy.open(target, file, captured)) {
      catchUp(copy);
      task.listener().stepped("compaction-caught-up");
      task.listener().at("comparing the copy", 0, 0);
      copy.followAndCompareAll();
      task.listener().stepped("compaction-compared");
      for (int attempt = 1; !broughtHome(copy, attempt == TRIES); attempt++) {
        requireGoingOn();
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
      requireGoingOn();
      if (round == ROUNDS) {
        throw new TidelineException(
            ErrorCode.COMPACTION_DISCARDED,
            "Cannot bring the compact copy of "
                + file.path()
                + " home: rows change faster than"
                + " it can follow.",
            "The copy was discarded; the database is unchanged.",
            "Run it again when less is written.");
      }
    }
  }

  private void requireGoingOn() {
    if (task.stopping().getAsBoolean()) {
      throw new TidelineException(
          ErrorCode.INTERRUPTED,
          "Cannot compact " + file.path() + ": it was told to stop.",
          "The copy was discarded; the database is unchanged.",
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
    Homecoming coming = new Homecoming(copy);
    int code =
        session
            .db()
            .restore("main", target.toString(), coming, 0, 0, (int) Math.min(STEP, pages() - 1));
    coming.rethrow();
    if (coming.home) {
      // At once: else the next writer's commit copies the whole log, and is as long as that takes.
      LogCut.checkpoint(session, "PASSIVE");
      return true;
    }
    if (!coming.begun && !last) {
      return false;
    }
    // The driver may give OK where a step found a lock: only its last call tells that all is done.
    SQLiteErrorCode error =
        code == SQLiteErrorCode.SQLITE_OK.code
            ? SQLiteErrorCode.SQLITE_BUSY
            : SQLiteErrorCode.getErrorCode(code);
    throw new SQLiteException(error.message, error);
  }

  /** A first step that copied all would commit before the last changes are in the copy. */
  private long pages() throws SQLException {
    long pages = bytes / Long.parseLong(session.pragma("page_size"));
    if (pages < 2) {
      throw impossible("There is nothing to compact.");
    }
    return pages;
  }

  /** Between the first step, which took the lock, and the second. */
  private final class Homecoming implements DB.ProgressObserver {
    private final CompactCopy copy;
    private boolean begun;
    private boolean home;
    private @Nullable Throwable failure;

    Homecoming(CompactCopy copy) {
      this.copy = copy;
    }

    /** Nothing may be thrown into the driver's native loop, which would go on with it. */
    @Override
    public void progress(int remaining, int pages) {
      home |= begun && failure == null && remaining == 0;
      if (failure != null || home) {
        return;
      }
      try {
        if (begun) {
          task.listener().stepped("compaction-coming-home");
        } else {
          begun = true;
          task.listener().stepped("compaction-locked");
          copy.finish();
          task.listener().stepped("compaction-finished");
        }
      } catch (Throwable e) {
        failure = e;
        giveUp(e);
      }
    }

    void rethrow() throws SQLException {
      if (failure instanceof SQLException sql) {
        throw sql;
      }
      if (failure instanceof RuntimeException known) {
        throw known;
      }
      if (failure instanceof Error error) {
        throw error;
      }
    }

    /** The next step cannot read the copy then, and the backup is rolled back. */
    private void giveUp(Throwable reason) {
      try {
        copy.lock();
      } catch (SQLException e) {
        reason.addSuppressed(e);
        Runtime.getRuntime().halt(ExitCode.DEFECT.number()); // rather than send a wrong copy home
      }
    }
  }
}
