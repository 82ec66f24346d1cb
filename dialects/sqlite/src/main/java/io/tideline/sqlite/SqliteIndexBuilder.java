package io.tideline.sqlite;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Examination;
import io.tideline.dialect.IndexBuilder;
import io.tideline.dialect.IndexCost;
import io.tideline.dialect.IndexTask;
import io.tideline.dialect.ReclaimOption.Room;
import io.tideline.error.ErrorCode;
import io.tideline.error.Nearest;
import io.tideline.error.TidelineException;
import io.tideline.health.Amount;
import io.tideline.health.TableFacts;
import io.tideline.policy.Pace;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;

/**
 * Makes and drops indexes, each in one transaction that holds the write lock all the time: SQLite
 * has no other way. Its statistics are gathered in the same transaction, so that no connection ever
 * plans with the index and without them.
 *
 * @see <a href="https://sqlite.org/lang_createindex.html">CREATE INDEX</a>
 */
final class SqliteIndexBuilder implements IndexBuilder {
  /** Bytes of the table a second, and entries a second, as measured on a small machine. */
  private static final double READ = 300e6;

  private static final double ENTERED = 700_000;

  /** What an entry takes besides its values: lengths, the rowid, its share of what is not full. */
  private static final int OVERHEAD = 12;

  private static final long SLACK = 16L << 20;

  /** An expression's width is not known before. */
  private static final double EXPRESSION = 16;

  private static final String GATHERED =
      """
      SELECT 1 FROM main.sqlite_stat1 WHERE tbl = ? COLLATE NOCASE LIMIT 1""";

  private final DatabaseFile file;
  private final Session reading;
  private @Nullable Session writing;

  private SqliteIndexBuilder(DatabaseFile file, Session reading) {
    this.file = file;
    this.reading = reading;
  }

  static SqliteIndexBuilder open(DatabaseFile file) {
    try {
      return new SqliteIndexBuilder(file, Session.openReading(file));
    } catch (SQLException e) {
      throw Failures.reading("Cannot open the database " + file.path(), e);
    }
  }

  private Session writing() throws SQLException {
    Session known = writing;
    if (known == null) {
      known = Session.openWriting(file, Pace.GENTLE);
      writing = known;
      boolean log = known.pragma("journal_mode").equals("wal");
      // What is made is durable when it is said to be made.
      known.execute("PRAGMA main.synchronous=" + (log ? "FULL" : "EXTRA"));
      known.execute("PRAGMA analysis_limit=1000");
    }
    return known;
  }

  private Table table(IndexSpec spec) {
    Table table =
        Names.table(
            reading.snapshot(
                "Cannot read the catalogue of " + file.path(), () -> CatalogueReader.read(reading)),
            spec.table());
    for (IndexColumn each : spec.columns()) {
      if (!each.isExpression() && table.column(Names.column(table, each.column())).isEmpty()) {
        List<String> all = table.columns().stream().map(Column::name).toList();
        throw new TidelineException(
            ErrorCode.COLUMN_UNKNOWN,
            "Cannot index the column " + each.column() + " of " + table.name() + ": it is hidden.",
            "Nothing was changed.",
            Nearest.sentence("columns", each.column(), all));
      }
    }
    return table;
  }

  @Override
  public IndexStanding look(IndexSpec spec) {
    Table table = table(spec);
    try {
      return new IndexLook(reading, table).look(spec);
    } catch (SQLException e) {
      throw Failures.reading("Cannot read the indexes of " + file.path(), e);
    }
  }

  @Override
  public void require(IndexSpec spec) {
    if (!file.readOnly().isEmpty()) {
      throw new TidelineException(
          ErrorCode.DATABASE_READ_ONLY,
          "Cannot make the index " + spec.name() + ": " + file.readOnly() + ".",
          "Nothing was changed.",
          "Give this user the right to write to the file and its folder.");
    }
    IndexRefusal.requireKnown(spec);
    Table table = table(spec);
    try {
      for (IndexColumn each : spec.columns()) {
        if (each.isExpression()) {
          check(each.expression(), table);
        }
      }
      if (!spec.where().isEmpty()) {
        check(spec.where(), table);
      }
    } catch (SQLException e) {
      throw Failures.reading("Cannot make the index " + spec.name(), e);
    }
  }

  private void check(String sql, Table table) throws SQLException {
    reading.prepareOnly(
        reading.sql().add("SELECT (" + sql + ") FROM " + Sql.quote(table.name()) + " WHERE 0"));
  }

  @Override
  public String statement(IndexSpec spec) {
    return IndexText.of(spec, table(spec)) + ";";
  }

  @Override
  public IndexCost cost(IndexSpec spec) {
    Table table = table(spec);
    try (SqliteExaminer examiner = SqliteExaminer.open(file, Examination.USUAL)) {
      Optional<TableFacts> facts =
          examiner.tables().stream().filter(each -> each.name().equals(table.name())).findFirst();
      Amount rows = facts.flatMap(TableFacts::rows).orElse(new Amount(0, "not known"));
      double width = OVERHEAD;
      for (IndexColumn each : spec.columns()) {
        width +=
            each.isExpression()
                ? EXPRESSION
                : examiner.width(table.name().name(), Names.column(table, each.column()));
      }
      long bytes = (long) (rows.value() * width);
      long read = facts.map(each -> each.bytes().value()).orElse(0L);
      double seconds = Math.max(0.01, read / READ + rows.value() / ENTERED);
      boolean log = examiner.storage().settings().getOrDefault("journal_mode", "").equals("wal");
      return new IndexCost(
          rows.value(),
          bytes,
          Duration.ofMillis((long) (seconds * 1000)),
          String.format(
              Locale.ROOT,
              "%,d rows (%s), %,d MB of table, %.0f bytes an entry",
              rows.value(),
              rows.basis(),
              read >> 20,
              width),
          "Writers for all of that time"
              + (log ? "; readers never." : ", and readers for a part of it."),
          true,
          rooms(bytes));
    }
  }

  /** Once for sorting; in the log, or journal, and in the file. */
  private List<Room> rooms(long bytes) {
    Path temporary = SqliteReclaimer.temporary(System.getenv());
    return List.of(new Room(temporary, bytes), new Room(file.path(), 2 * bytes + SLACK));
  }

  /** A change of one index. */
  private interface Change {
    String make(Session session, IndexStanding found) throws SQLException;
  }

  @Override
  public String make(IndexSpec spec, IndexTask task) {
    require(spec);
    Table table = table(spec);
    return change(
        "make",
        spec,
        table,
        task,
        (session, found) -> {
          if (found.state() == IndexState.PRESENT) {
            return "The index " + spec.name() + " is there already.";
          }
          if (found.state() != IndexState.MISSING) {
            throw IndexRefusal.of("make", found);
          }
          create(session, spec, table, task);
          return "Made the index " + spec.name() + " on " + table.name() + ".";
        });
  }

  @Override
  public String replace(IndexSpec spec, IndexTask task) {
    require(spec);
    Table table = table(spec);
    return change(
        "replace",
        spec,
        table,
        task,
        (session, found) -> {
          String needed =
              found.state() == IndexState.DIFFERENT
                  ? new IndexLook(session, table).needed(spec.name())
                  : "it is " + found.state().word();
          if (!needed.isEmpty()) {
            throw IndexRefusal.of(
                "replace",
                new IndexStanding(
                    spec, table.name(), IndexState.NEEDED, List.of(needed), found.bytes()));
          }
          // Others see both in one moment: the old one is theirs until the commit.
          session.execute(dropping(spec));
          create(session, spec, table, task);
          return "Replaced the index " + spec.name() + " on " + table.name() + ".";
        });
  }

  @Override
  public String drop(IndexSpec spec, IndexTask task) {
    Table table = table(spec);
    return change(
        "drop",
        spec,
        table,
        task,
        (session, found) -> {
          if (found.state() == IndexState.ABSENT) {
            return "The index " + spec.name() + " is not there.";
          }
          if (found.state() != IndexState.UNWANTED) {
            throw IndexRefusal.of("drop", found);
          }
          Interruptible.run(session, task.asReclaim(), () -> session.execute(dropping(spec)));
          task.listener().stepped("index-dropped");
          return "Dropped the index " + spec.name() + " of " + table.name() + ".";
        });
  }

  private static String dropping(IndexSpec spec) {
    return "DROP INDEX main." + Sql.quote(spec.name());
  }

  private void create(Session session, IndexSpec spec, Table table, IndexTask task)
      throws SQLException {
    boolean there =
        !session.strings("SELECT 1 FROM main.sqlite_schema WHERE name = 'sqlite_stat1'").isEmpty();
    boolean gathered = there && !session.strings(GATHERED, table.name().name()).isEmpty();
    // One index alone with statistics would stand against others without.
    String analyzed = gathered ? spec.name() : table.name().name();
    task.listener().at(spec.name() + ": building, writers wait", 0, 0);
    Interruptible.run(
        session,
        task.asReclaim(),
        () -> {
          session.execute(IndexText.of(spec, table));
          task.listener().stepped("index-built");
          session.execute("ANALYZE main." + Sql.quote(analyzed));
        });
    task.listener().stepped("index-analyzed");
  }

  private String change(String verb, IndexSpec spec, Table table, IndexTask task, Change change) {
    String what = "Cannot " + verb + " the index " + spec.name() + " on " + table.name();
    try {
      Session session = writing();
      begin(what, session, task);
      task.listener().stepped("index-begun");
      String done;
      try {
        done = change.make(session, new IndexLook(session, table).look(spec));
        session.execute("COMMIT");
      } catch (SQLException | RuntimeException e) {
        rollBack(session, e);
        throw e;
      }
      task.listener().stepped("index-committed");
      if (session.pragma("journal_mode").equals("wal")) {
        new LogCut(session, task.asReclaim()).cut(); // what stays of it the application cuts
      }
      return done;
    } catch (SQLException e) {
      throw Failures.primary(e) == SQLiteErrorCode.SQLITE_CONSTRAINT
          ? IndexRefusal.repeats(spec, e)
          : Failures.reading(what, e);
    }
  }

  /** Waits for whoever writes, for as long as patience lasts. */
  private void begin(String what, Session session, IndexTask task) throws SQLException {
    long since = System.nanoTime();
    session.db().busy_timeout(200);
    while (true) {
      try {
        session.execute("BEGIN IMMEDIATE");
        session.db().busy_timeout(Session.BUSY_SECONDS * 1000);
        return;
      } catch (SQLException e) {
        boolean over = System.nanoTime() - since > task.patience().toNanos();
        if (Failures.primary(e) != SQLiteErrorCode.SQLITE_BUSY) {
          throw e;
        }
        String holders = new FileHolders(file).writers();
        String who = holders.isEmpty() ? "another process" : holders;
        if (over || task.stopping().getAsBoolean()) {
          throw new TidelineException(
              over ? ErrorCode.DATABASE_BUSY : ErrorCode.INTERRUPTED,
              what + ": " + who + " holds the write lock.",
              "Nothing was changed.",
              "Run it again when that has finished its transaction.",
              e);
        }
        task.listener().at("waiting for the write lock of " + who, 0, 0);
      }
    }
  }

  private static void rollBack(Session session, Exception failure) {
    try {
      session.execute("ROLLBACK");
    } catch (SQLException e) {
      failure.addSuppressed(e); // a full disk ends the transaction by itself
    }
  }

  @Override
  public void close() {
    reading.close();
    Session known = writing;
    if (known != null) {
      known.close();
    }
  }
}
