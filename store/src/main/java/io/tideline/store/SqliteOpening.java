package io.tideline.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;

/**
 * How a SQLite file is opened: in WAL mode, with one writer and a pool of readers, foreign keys
 * enforced. Each method changes this opening and returns it. Used by one thread.
 */
public final class SqliteOpening {
  /** What a COMMIT waits for. */
  public enum Synchronous {
    /**
     * Not for the disk. A killed process loses nothing; a machine that loses power may lose the
     * last commits, never the file (https://sqlite.org/pragma.html#pragma_synchronous).
     */
    NORMAL,
    /** For the disk, each time. */
    FULL
  }

  private final Path file;
  private String name = "store";
  private MeterRegistry registry = new CompositeMeterRegistry();
  private Synchronous synchronous = Synchronous.NORMAL;
  private Duration busyTimeout = Duration.ofSeconds(5);
  private Duration acquireTimeout = Duration.ofSeconds(30);
  private int readers = 4;
  private int statements = 64;
  private int pageCacheMib = 8;
  private int attempts = 3;
  private boolean foreignKeys = true;

  SqliteOpening(Path file) {
    this.file = Objects.requireNonNull(file);
  }

  /** Its name in meters and messages; {@code store} unless set. */
  public SqliteOpening named(String name) {
    this.name = Checks.name(name);
    return this;
  }

  /** Where its meters go; nowhere unless set. */
  public SqliteOpening meters(MeterRegistry registry) {
    this.registry = Objects.requireNonNull(registry);
    return this;
  }

  /** What a COMMIT waits for; {@code NORMAL} unless set. */
  public SqliteOpening synchronous(Synchronous synchronous) {
    this.synchronous = Objects.requireNonNull(synchronous);
    return this;
  }

  /** How long one attempt waits for another process's lock; 5 s unless set, zero not to wait. */
  public SqliteOpening busyTimeout(Duration busyTimeout) {
    this.busyTimeout = Checks.notNegative("busy timeout", busyTimeout);
    return this;
  }

  /** How long a thread waits for a reader, or for the writer; 30 s unless set. */
  public SqliteOpening acquireTimeout(Duration acquireTimeout) {
    this.acquireTimeout = Checks.positive("acquire timeout", acquireTimeout);
    return this;
  }

  /** How many read at once; 4 unless set, 1 to 64. */
  public SqliteOpening readers(int readers) {
    this.readers = Checks.within("readers", readers, 1, 64);
    return this;
  }

  /** How many compiled statements each connection keeps; 64 unless set, 0 for none. */
  public SqliteOpening statementCache(int statements) {
    this.statements = Checks.within("statement cache", statements, 0, 10_000);
    return this;
  }

  /**
   * How many MiB of the file's pages each connection keeps at most; 8 unless set, 1 to 1,024. A
   * reader that finds its pages there reads no file, until somebody writes
   * (https://sqlite.org/pragma.html#pragma_cache_size).
   */
  public SqliteOpening pageCache(int mebibytes) {
    this.pageCacheMib = Checks.within("page cache", mebibytes, 1, 1_024);
    return this;
  }

  /** How often a work is tried while the database is locked; 3 times unless set. */
  public SqliteOpening attempts(int attempts) {
    this.attempts = Checks.within("attempts", attempts, 1, 1_000);
    return this;
  }

  /** Whether foreign keys are enforced; they are unless set. */
  public SqliteOpening foreignKeys(boolean foreignKeys) {
    this.foreignKeys = foreignKeys;
    return this;
  }

  /**
   * Opens it, and makes the file if it is not there. A file that uses a rollback journal is turned
   * to WAL, for good.
   *
   * @throws StoreException if it cannot be opened or cannot use WAL; its rows are as they were
   */
  public Database open() {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new StoreException(
          StoreException.Reason.CANNOT_OPEN,
          "Cannot open " + file + ": its folder is not there. Nothing was made. Make the folder.",
          null);
    }
    if (Files.exists(file) && !Files.isWritable(file)) {
      // SQLite itself would open it, and refuse each write.
      throw new StoreException(
          StoreException.Reason.CANNOT_OPEN,
          "Cannot open "
              + file
              + ": this user may not write to it. Nothing was changed. Give it the right, or run as"
              + " its owner.",
          null);
    }
    SqliteSettings settings =
        new SqliteSettings(
            synchronous,
            busyTimeout,
            acquireTimeout,
            readers,
            statements,
            pageCacheMib,
            foreignKeys);
    try {
      Connections connections = SqliteConnections.open(file, name, settings, registry);
      return new Database(name, new SqliteProduct(), connections, registry, attempts);
    } catch (SQLException e) {
      throw new StoreException(
          StoreException.Reason.CANNOT_OPEN,
          "Cannot open "
              + file
              + " as a SQLite database in WAL mode. Its rows are as they were. It must be a"
              + " database, on a local disk, writable, and not locked; the cause says more.",
          e);
    }
  }
}
