package io.tideline.postgresql;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.IndexBuilder;
import io.tideline.dialect.IndexCost;
import io.tideline.dialect.IndexTask;
import io.tideline.dialect.UnseenException;
import io.tideline.health.Figures;
import io.tideline.health.Finding;
import io.tideline.health.Thresholds;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.IndexStanding;
import io.tideline.tuning.IndexState;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes and drops indexes CONCURRENTLY, on a session of its own. */
final class PostgresIndexBuilder implements IndexBuilder {
  /** Bytes a second, as measured on a small machine. */
  private static final double READ = 50e6;

  private static final double WRITTEN = 10e6;

  /** What an entry takes besides its values; its share of what is not full. */
  private static final int OVERHEAD = 16;

  private static final int UNKNOWN_WIDTH = 12;

  /** Transactions younger than this end by themselves. */
  private static final Duration OLD = Duration.ofSeconds(5);

  private static final Thresholds OBSTACLES =
      new Thresholds(OLD, OLD, OLD, Long.MAX_VALUE, Duration.ofDays(7));

  /** Since 14, where the system can: a build whose client is gone ends soon. */
  private static final String NOTICE_DEATH = "SET client_connection_check_interval = '1s'";

  private static final String LASTING = "SET synchronous_commit = on";

  private final ConnectionUrl url;
  private final Names names;
  private final Shapes shapes;
  private final Session reading;
  private @Nullable Session writing;

  PostgresIndexBuilder(ConnectionUrl url, Names names, Shapes shapes) {
    this.url = url;
    this.names = names;
    this.shapes = shapes;
    this.reading = Sessions.reading(url);
  }

  /** What may fail on the server. */
  private interface Asked<T> {
    T ask() throws SQLException;
  }

  private <T> T ask(String what, Asked<T> asked) {
    try {
      return asked.ask();
    } catch (SQLException e) {
      throw Failures.reading(e, reading.attempt(what, null, ""));
    }
  }

  private Session writing() throws SQLException {
    Session known = writing;
    if (known == null || known.closed()) {
      known = Sessions.writing(url);
      writing = known;
      known.execute(LASTING);
      try {
        known.execute(NOTICE_DEATH);
      } catch (SQLException e) {
        return known; // this system cannot; the build then ends by itself
      }
    }
    return known;
  }

  private TableShape shape(IndexSpec spec) {
    return ask(
        "Cannot read the catalogue of " + url.place(),
        () -> {
          List<TableShape> all = CatalogueReader.read(reading);
          all.forEach(shapes::add);
          Table table =
              names.table(
                  new Catalogue(all.stream().map(TableShape::table).toList(), ""), spec.table());
          IndexStatement.columns(spec, table);
          return shapes.of(table, reading);
        });
  }

  @Override
  public IndexStanding look(IndexSpec spec) {
    TableShape shape = shape(spec);
    return ask(
        "Cannot read the indexes of " + shape.name(),
        () -> new IndexLook(reading, shape).look(spec));
  }

  @Override
  public void require(IndexSpec spec) {
    TableShape shape = shape(spec);
    ask(
        "Cannot make the index " + spec.name() + " on " + shape.name(),
        () -> {
          new IndexNeeds(reading, shape).require(spec);
          return spec;
        });
  }

  @Override
  public String statement(IndexSpec spec) {
    TableShape shape = shape(spec);
    String how = shape.partitioned() ? "" : "CONCURRENTLY";
    return IndexStatement.of(spec, shape.table(), how, spec.name(), Sql.quote(shape.name())) + ";";
  }

  @Override
  public List<Finding> obstacles() {
    return ask(
        "Cannot look at the sessions of " + url.place(),
        () -> {
          Asking asking =
              new Asking(reading, reading.connection().getMetaData().getDatabaseMajorVersion());
          List<Finding> found = new ArrayList<>();
          try {
            found.addAll(new SessionChecks(asking, OBSTACLES).transactions());
            found.addAll(new HorizonChecks(asking, OBSTACLES).prepared());
          } catch (UnseenException e) {
            return found; // this role does not see them; the build tells for whom it waits
          }
          return found;
        });
  }

  @Override
  public IndexCost cost(IndexSpec spec) {
    TableShape shape = shape(spec);
    return ask(
        "Cannot read the size of " + shape.name(),
        () -> {
          try (Statement statement = reading.statement();
              ResultSet row = statement.executeQuery(IndexSql.SIZE.formatted(shape.oid()))) {
            row.next();
            return cost(spec, shape, row.getLong(1), row.getLong(2), row.getBoolean(3));
          }
        });
  }

  private IndexCost cost(IndexSpec spec, TableShape shape, long rows, long heap, boolean never)
      throws SQLException {
    long width = width(spec, shape) + OVERHEAD;
    long bytes = rows * width;
    double seconds = Math.max(0.1, 2 * heap / READ + bytes / WRITTEN);
    return new IndexCost(
        rows,
        bytes,
        Duration.ofMillis((long) (seconds * 1000)),
        Figures.count(rows, "row")
            + (never ? " (never analyzed), " : " (the planner's statistics), ")
            + Figures.bytes(heap)
            + " of table, read twice, "
            + width
            + " bytes an entry",
        shape.partitioned()
            ? "Writers of the whole table for a moment; it waits for transactions that are open."
            : "Nobody; it waits for transactions that are open.",
        false,
        List.of());
  }

  private long width(IndexSpec spec, TableShape shape) throws SQLException {
    List<String> columns = IndexStatement.columns(spec, shape.table());
    long unknown = spec.columns().size() + spec.include().size();
    long width = 0;
    if (!columns.isEmpty()) {
      String sql =
          IndexSql.WIDTHS.formatted(
              Sql.string(shape.name().schema()),
              Sql.string(shape.name().name()),
              Sql.list(columns, Sql::string));
      try (Statement statement = reading.statement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        width = row.getLong(1);
        unknown -= row.getLong(2);
      }
    }
    return width + Math.max(0, unknown) * UNKNOWN_WIDTH;
  }

  @Override
  public String make(IndexSpec spec, IndexTask task) {
    TableShape shape = shape(spec);
    String what = "Cannot make the index " + spec.name() + " on " + shape.name();
    return ask(
        what,
        () -> {
          new IndexNeeds(reading, shape).require(spec);
          IndexStanding found = new IndexLook(reading, shape).look(spec);
          if (found.state() == IndexState.PRESENT) {
            return "The index " + spec.name() + " is there already.";
          }
          if (found.state() != IndexState.MISSING && found.state() != IndexState.INVALID) {
            throw ConcurrentIndex.refusal("make", found);
          }
          if (shape.partitioned()) {
            new PartitionedIndex(writing(), reading, shape, task).make(spec);
          } else {
            new ConcurrentIndex(writing(), reading, shape, task).make(spec);
          }
          return "Made the index "
              + spec.name()
              + " on "
              + shape.name()
              + analyzed(spec, shape, task)
              + ".";
        });
  }

  /** An expression has no statistics before the next ANALYZE, and the planner guesses. */
  private String analyzed(IndexSpec spec, TableShape shape, IndexTask task) {
    if (!spec.hasExpression()) {
      return "";
    }
    task.listener().at(spec.name() + ": analyzing " + shape.name(), 0, 0);
    String sql = "ANALYZE " + Sql.quote(shape.name());
    try {
      Session session = writing();
      session.execute("SET lock_timeout = '5s'; SET statement_timeout = 0");
      new Cancellable(session, task.asReclaim()).execute(sql);
      task.listener().stepped("index-analyzed");
      return "";
    } catch (SQLException e) {
      return ", but its statistics are not gathered (" + Failures.words(e) + "); run " + sql;
    }
  }

  @Override
  public String replace(IndexSpec spec, IndexTask task) {
    TableShape shape = shape(spec);
    return ask(
        "Cannot replace the index " + spec.name() + " on " + shape.name(),
        () -> {
          new IndexNeeds(reading, shape).require(spec);
          String done = new IndexReplacement(writing(), reading, shape, task).replace(spec);
          return done + analyzed(spec, shape, task) + ".";
        });
  }

  @Override
  public List<String> tidy(IndexSpec spec, IndexTask task) {
    TableShape shape = shape(spec);
    return ask(
        "Cannot remove what a replacement of the index " + spec.name() + " left",
        () -> new IndexReplacement(writing(), reading, shape, task).tidy(spec));
  }

  @Override
  public String drop(IndexSpec spec, IndexTask task) {
    TableShape shape = shape(spec);
    String what = "Cannot drop the index " + spec.name() + " on " + shape.name();
    return ask(
        what,
        () -> {
          IndexLook look = new IndexLook(reading, shape);
          IndexStanding found = look.look(spec);
          if (found.state() == IndexState.ABSENT) {
            return "The index " + spec.name() + " is not there.";
          }
          if (found.state() != IndexState.UNWANTED) {
            throw ConcurrentIndex.refusal("drop", found);
          }
          if (look.find(spec.name()).filter(IndexLook.Found::partitioned).isPresent()) {
            // It cannot go CONCURRENTLY: for a moment, or not now.
            Session session = writing();
            session.execute(Sessions.LIMITS);
            session.execute(
                "DROP INDEX " + Sql.quote(new TableName(shape.name().schema(), spec.name())));
          } else {
            new ConcurrentIndex(writing(), reading, shape, task)
                .dropConcurrently(what, spec.name());
          }
          task.listener().stepped("index-dropped");
          return "Dropped the index " + spec.name() + " of " + shape.name() + ".";
        });
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
