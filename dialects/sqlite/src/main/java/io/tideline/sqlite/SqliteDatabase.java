package io.tideline.sqlite;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.ForeignKey;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.BackupTask;
import io.tideline.dialect.Database;
import io.tideline.dialect.DatabaseInfo;
import io.tideline.dialect.DatabaseSize;
import io.tideline.dialect.Examination;
import io.tideline.dialect.Examiner;
import io.tideline.dialect.GuardedSession;
import io.tideline.dialect.Lease;
import io.tideline.dialect.Reader;
import io.tideline.dialect.Reclaimer;
import io.tideline.dialect.SourceIdentity;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A SQLite database. It keeps one reading connection for its own questions. */
final class SqliteDatabase implements Database {
  /**
   * There is one writer: whoever holds its lock longer is felt. A writer that finds the file locked
   * sleeps 1, 2, 5, 10, 15, 20, 25 ms and so on before it looks again: what is held for 2 ms costs
   * it 3, what is held for 10 ms 18.
   *
   * @see <a href="https://sqlite.org/c3ref/busy_timeout.html">sqlite3_busy_timeout</a>
   */
  private static final Duration LOCK_TARGET = Duration.ofMillis(2);

  /** Where keys are random, every transaction writes nearly every page. */
  private static final int LARGEST_TRANSACTION = 200_000;

  /** With a write-ahead log; before each transaction follows {@link Gap}. */
  private static final Duration SHORTEST_REST = Duration.ofMillis(4);

  /** Longer than the sleep of a writer, so that it is not spent on two locks. */
  private static final Duration SHORTEST_REST_WITHOUT_LOG = Duration.ofMillis(15);

  private final DatabaseFile file;
  private final DatabaseInfo info;
  private final Session session;

  private SqliteDatabase(DatabaseFile file, DatabaseInfo info, Session session) {
    this.file = file;
    this.info = info;
    this.session = session;
  }

  static SqliteDatabase open(Path path) {
    DatabaseFile file = DatabaseFile.locate(path);
    Session session = Opening.open(file);
    try {
      DatabaseInfo info =
          new DatabaseInfo(
              SqliteDialect.NAME,
              "SQLite " + session.strings("SELECT sqlite_version()").get(0)[0],
              file.path().toString(),
              session.pragma("journal_mode").equals("wal"),
              file.readOnly(),
              false);
      return new SqliteDatabase(session.file(), info, session);
    } catch (SQLException e) {
      session.close();
      throw Failures.reading("Cannot open the database " + file.path(), e);
    }
  }

  @Override
  public DatabaseInfo info() {
    return info;
  }

  @Override
  public List<Path> places() {
    return List.of(file.path());
  }

  @Override
  public Optional<SourceIdentity> identity() {
    return LeaseFile.readId(file).map(this::identity);
  }

  @Override
  public synchronized Catalogue catalogue() {
    return session.snapshot(
        "Cannot read the catalogue of " + file.path(), () -> CatalogueReader.read(session));
  }

  @Override
  public Table resolve(Catalogue catalogue, String name) {
    return Names.table(catalogue, name);
  }

  @Override
  public String resolveColumn(Table table, String name) {
    return Names.column(table, name);
  }

  @Override
  public Instant clock() {
    return Clock.systemUTC().instant();
  }

  @Override
  public synchronized DatabaseSize size() {
    try {
      long pageSize = Long.parseLong(session.pragma("page_size"));
      return new DatabaseSize(
          Long.parseLong(session.pragma("page_count")) * pageSize,
          Long.parseLong(session.pragma("freelist_count")) * pageSize,
          file.logBytes());
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the size of " + file.path(), e);
    }
  }

  @Override
  public Duration lockTarget() {
    return LOCK_TARGET;
  }

  @Override
  public int largestTransaction() {
    return LARGEST_TRANSACTION;
  }

  @Override
  public Duration shortestRest() {
    return info.concurrentReads() ? SHORTEST_REST : SHORTEST_REST_WITHOUT_LOG;
  }

  @Override
  public synchronized String indexStatement(TableName table, List<String> columns) {
    try {
      return IndexText.of(session, table, columns);
    } catch (SQLException e) {
      throw unnamed(e);
    }
  }

  private RuntimeException unnamed(SQLException e) {
    return Failures.reading("Cannot read the indexes of " + file.path(), e);
  }

  @Override
  public synchronized String indexStatement(ForeignKey key, Table from) {
    Optional<String> columns = Referrers.of(session, key, from).indexed();
    if (columns.isEmpty()) {
      return "";
    }
    try {
      String name = IndexText.freeName(session, IndexText.name(key));
      return IndexText.of(name, from.name(), columns.get());
    } catch (SQLException e) {
      throw unnamed(e);
    }
  }

  @Override
  public Reader openReader() {
    try {
      return new SqliteReader(Session.openReading(file));
    } catch (SQLException e) {
      throw Failures.reading("Cannot open the database " + file.path(), e);
    }
  }

  @Override
  public Examiner openExaminer(Examination asked) {
    return SqliteExaminer.open(file, asked);
  }

  @Override
  public Lease acquireLease() {
    if (!info.readOnly().isEmpty()) {
      throw new TidelineException(
          ErrorCode.DATABASE_READ_ONLY,
          "Cannot take the lease of " + file.path() + ": " + info.readOnly() + ".",
          "Nothing was changed.",
          "Give this user the right to write to the file and its folder.");
    }
    LeaseFile lease = LeaseFile.acquire(file);
    return new SqliteLease(file, lease, identity(lease.id()));
  }

  @Override
  public boolean leased() {
    return LeaseFile.held(file);
  }

  @Override
  public void backUp(BackupTask task) {
    OnlineBackup.make(file, task);
  }

  @Override
  public long backupBytes() {
    return size().total() + size().log();
  }

  @Override
  public GuardedSession openGuarded(Duration longest) {
    return SqliteGuardedSession.open(file, longest);
  }

  @Override
  public Reclaimer reclaimer() {
    return SqliteReclaimer.open(file);
  }

  private SourceIdentity identity(String id) {
    return new SourceIdentity(SqliteDialect.NAME, id, file.path().toString());
  }

  @Override
  public synchronized void close() {
    session.close();
  }
}
