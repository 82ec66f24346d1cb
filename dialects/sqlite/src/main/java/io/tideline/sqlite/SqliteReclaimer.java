package io.tideline.sqlite;

import io.tideline.dialect.ReclaimOption;
import io.tideline.dialect.ReclaimOption.Consent;
import io.tideline.dialect.ReclaimOption.Room;
import io.tideline.dialect.ReclaimTask;
import io.tideline.dialect.ReclaimWay;
import io.tideline.dialect.Reclaimer;
import io.tideline.policy.Pace;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The ways in which a SQLite file shrinks. */
final class SqliteReclaimer implements Reclaimer {
  /** Bytes a second, as measured on a small machine. */
  private static final double COPIED = 100e6;

  private static final double MOVED = 15e6;
  private static final double COMPACTED = 25e6;
  private static final double BROUGHT_HOME = 250e6;
  private static final double WRITTEN_ANEW = 100e6;

  private final DatabaseFile file;
  private final Session session;

  private SqliteReclaimer(DatabaseFile file, Session session) {
    this.file = file;
    this.session = session;
  }

  static SqliteReclaimer open(DatabaseFile file) {
    try {
      Session session = Session.openWriting(file, Pace.GENTLE);
      boolean log = session.pragma("journal_mode").equals("wal");
      session.execute("PRAGMA main.synchronous=" + (log ? "NORMAL" : "EXTRA"));
      return new SqliteReclaimer(file, session);
    } catch (SQLException e) {
      throw Failures.reading("Cannot open the database " + file.path() + " for writing", e);
    }
  }

  @Override
  public List<String> leftovers() {
    return new Leftovers(session).found();
  }

  @Override
  public List<String> tidy() {
    return new Leftovers(session).remove();
  }

  @Override
  public List<ReclaimOption> options() {
    FileState state = state();
    List<ReclaimOption> options = new ArrayList<>();
    if (state.logBytes() > 0) {
      options.add(checkpoint(state));
    }
    options.add(incremental(state));
    options.add(compact(state));
    options.add(vacuum(state));
    return options;
  }

  private FileState state() {
    try {
      return FileState.read(session);
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the size of " + file.path(), e);
    }
  }

  private static ReclaimOption checkpoint(FileState state) {
    return new ReclaimOption(
        ReclaimWay.CHECKPOINT,
        "",
        state.logBytes(),
        "Copies the write-ahead log into the database and cuts it.",
        "Nobody for longer than some 50 ms.",
        seconds(state.logBytes() / COPIED),
        List.of(),
        Consent.NONE,
        "");
  }

  private static ReclaimOption incremental(FileState state) {
    return new ReclaimOption(
        ReclaimWay.INCREMENTAL,
        "",
        state.freeBytes(),
        "Moves pages from the end of the file into free ones and cuts it, in short steps.",
        "Nobody for longer than some 50 ms.",
        seconds(state.freeBytes() / MOVED),
        List.of(),
        Consent.NONE,
        state.autoVacuum() == 0
            ? "The file has auto_vacuum=NONE; --to-incremental with --way compact or vacuum changes"
                + " that once for all."
            : "");
  }

  private ReclaimOption compact(FileState state) {
    double lock = Math.max(0.1, state.compactBytes() / BROUGHT_HOME);
    CompactedTables tables = new CompactedTables(session);
    String refusal = tables.refusal(state);
    String counted = refusal.isEmpty() ? tables.counted() : "";
    return new ReclaimOption(
        ReclaimWay.COMPACT,
        "",
        state.freeBytes(),
        "Builds a compact copy beside live traffic and brings it home as one transaction. Not for"
            + " applications that switch triggers off or write by sqlite3_blob_write.",
        String.format(
            Locale.ROOT,
            "Writers for about %.1f s at its end%s; readers never. Where an insert fails in the last"
                + " moment, as by OR IGNORE, writers wait until the keys of that table are read."
                + " Triggers follow the changes meanwhile, which makes each about twice as long.",
            lock,
            counted.isEmpty()
                ? ""
                : ", and for as long as it takes to count the rows of what has a second unique"
                    + " index or a rowid besides its key: "
                    + counted),
        seconds(state.compactBytes() / COMPACTED),
        List.of(new Room(file.path(), state.compactBytes() * 2 + (16L << 20))),
        Consent.NAME,
        refusal);
  }

  private ReclaimOption vacuum(FileState state) {
    double lock = Math.max(0.1, state.compactBytes() / WRITTEN_ANEW);
    String warning = Renumbered.warning(session);
    return new ReclaimOption(
        ReclaimWay.VACUUM,
        "",
        state.freeBytes(),
        "Writes the whole file anew" + (warning.isEmpty() ? "." : "; " + warning + "."),
        String.format(
            Locale.ROOT,
            "Writers for all of its time, about %.1f s%s.",
            lock,
            state.log() ? "" : "; readers for a part of it"),
        seconds(lock),
        List.of(
            new Room(temporary(System.getenv()), state.compactBytes()),
            new Room(file.path(), state.log() ? state.compactBytes() : state.bytes())),
        warning.isEmpty() ? Consent.WINDOW : Consent.NAME,
        "");
  }

  /**
   * Where VACUUM builds its copy.
   *
   * @see <a href="https://sqlite.org/tempfiles.html#temporary_file_storage_locations">where</a>
   */
  static Path temporary(Map<String, String> env) {
    for (String name : List.of("SQLITE_TMPDIR", "TMPDIR")) {
      String folder = env.get(name);
      if (folder != null && !folder.isEmpty()) {
        return Path.of(folder);
      }
    }
    return Path.of("/var/tmp");
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) Math.ceil(Math.max(0.1, seconds) * 1000));
  }

  @Override
  public List<String> carryOut(ReclaimOption option, ReclaimTask task) {
    return switch (option.way()) {
      case CHECKPOINT -> new LogCut(session, task).cut();
      case INCREMENTAL -> incremental(task);
      case COMPACT -> new Compaction(file, session, task).run();
      case VACUUM -> new FullVacuum(session, task).run();
      default -> throw new IllegalArgumentException("Cannot do " + option.way() + " here");
    };
  }

  private List<String> incremental(ReclaimTask task) {
    boolean log = state().log();
    List<String> notes = new ArrayList<>(new IncrementalVacuum(session, task, log).run());
    if (log) {
      notes.addAll(new LogCut(session, task).cut());
    }
    return notes;
  }

  /** The files are not opened, which would cost SQLite its locks. */
  @Override
  public long bytesOnDisk() {
    return file.path().toFile().length() + file.logBytes();
  }

  @Override
  public void close() {
    session.close();
  }
}
