package io.tideline.postgresql;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.Checkup;
import io.tideline.dialect.DatabaseSize;
import io.tideline.dialect.Examination;
import io.tideline.dialect.Examiner;
import io.tideline.dialect.Item;
import io.tideline.dialect.OpenBackfills;
import io.tideline.dialect.UnseenException;
import io.tideline.error.TidelineException;
import io.tideline.health.Activity;
import io.tideline.health.Amount;
import io.tideline.health.Finding;
import io.tideline.health.ForeignKeyFacts;
import io.tideline.health.IndexFacts;
import io.tideline.health.IndexSurvey;
import io.tideline.health.StorageFacts;
import io.tideline.health.TableFacts;
import io.tideline.row.RowSink;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Looks at the health of a database, and at what of the server concerns it. */
final class PostgresExaminer implements Examiner {
  static final int SECONDS = 5;

  /**
   * The catalogue itself is seldom analyzed: the planner takes 20,000 indexes for a few, and would
   * compare all with all.
   */
  private static final String LIMITS =
      "SET enable_nestloop = off; SET lock_timeout = '50ms'; SET statement_timeout = '"
          + SECONDS
          + "s'";

  private final Session session;
  private final Asking asking;
  private final Examination asked;
  private final PostgresReader reader;
  private @Nullable List<TableName> partitioned;

  private PostgresExaminer(Session session, Asking asking, Examination asked, Shapes shapes) {
    this.session = session;
    this.asking = asking;
    this.asked = asked;
    this.reader = new PostgresReader(session, shapes);
  }

  static PostgresExaminer open(ConnectionUrl url, Examination asked, Shapes shapes) {
    Session session = Sessions.reading(url);
    try {
      session.execute(LIMITS);
      int version = session.connection().getMetaData().getDatabaseMajorVersion();
      return new PostgresExaminer(session, new Asking(session, version), asked, shapes);
    } catch (SQLException e) {
      session.close();
      throw Failures.reading(e, session.attempt("Cannot open " + url.place(), null, ""));
    }
  }

  @Override
  public StorageFacts storage() {
    long bytes =
        Long.parseLong(
            asking.text(
                "SELECT pg_catalog.pg_database_size(pg_catalog.current_database())::pg_catalog.int8"));
    Map<String, String> settings = new LinkedHashMap<>();
    asking
        .rows(
            "SELECT name, pg_catalog.current_setting(name) FROM pg_catalog.pg_settings WHERE name IN"
                + " ('autovacuum', 'fsync', 'full_page_writes', 'shared_buffers', 'max_connections')"
                + " ORDER BY name",
            row -> new String[] {row.getString(1), row.getString(2)})
        .forEach(row -> settings.put(row[0], row[1]));
    return new StorageFacts(new DatabaseSize(bytes, 0, 0), settings);
  }

  @Override
  public List<TableFacts> tables() {
    List<TableFacts> tables;
    try {
      tables = tables(HealthSql.SIZES, "exact");
    } catch (UnseenException e) {
      tables = tables(HealthSql.PAGES, "estimate: pages at the last VACUUM or ANALYZE");
    }
    return asked.exact() ? tables.stream().map(this::counted).toList() : tables;
  }

  private List<TableFacts> tables(String sizes, String basis) {
    return asking.rows(
        HealthSql.TABLES.formatted(sizes),
        row ->
            new TableFacts(
                new TableName(row.getString(1), row.getString(2)),
                Optional.of(
                    new Amount(
                        row.getLong("rows"),
                        row.getBoolean("counted")
                            ? "estimate: activity statistics"
                            : "estimate: the planner's statistics")),
                new Amount(row.getLong("heap"), basis),
                new Amount(row.getLong("indexes"), basis),
                OptionalLong.of(row.getLong("toast"))));
  }

  /** However long it takes, because that was asked for. */
  private TableFacts counted(TableFacts table) {
    try {
      session.execute("SET statement_timeout = 0");
      try {
        long rows =
            Long.parseLong(
                asking.text("SELECT pg_catalog.count(*) FROM " + Sql.quote(table.name())));
        return new TableFacts(
            table.name(),
            Optional.of(Amount.exact(rows)),
            table.bytes(),
            table.indexBytes(),
            table.toastBytes());
      } finally {
        session.execute(LIMITS);
      }
    } catch (SQLException e) {
      throw asking.told(e);
    } catch (UnseenException e) {
      return table; // no right to read it, or it is locked: the estimate stands
    }
  }

  @Override
  public IndexSurvey indexes() {
    String nullsEqual = asking.since(15) ? "i.indnullsnotdistinct" : "false";
    List<IndexFacts> all =
        asking.rows(HealthSql.INDEXES.formatted(nullsEqual), PostgresExaminer::index);
    return asking
        .rows(
            HealthSql.STATISTICS,
            row -> {
              long since = row.getLong(1);
              Optional<Instant> counted =
                  row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(since));
              return new IndexSurvey(all, counted, row.getInt(2));
            })
        .stream()
        .findFirst()
        .orElse(new IndexSurvey(all, Optional.empty(), 0));
  }

  private static IndexFacts index(ResultSet row) throws SQLException {
    List<String> all = texts(row.getArray("columns"));
    List<String> columns = all.subList(0, row.getInt("indnkeyatts"));
    List<String> expressions = texts(row.getArray("expressions"));
    String[] collations = row.getString("collations").split(" ", -1);
    String[] classes = row.getString("classes").split(" ", -1);
    String[] options = row.getString("options").split(" ", -1);
    List<String> settings = texts(row.getArray("settings"));
    String coarse = row.getString("coarse");
    List<IndexFacts.Part> parts = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      boolean expression = columns.get(i).isEmpty();
      int option = Integer.parseInt(options[i]);
      parts.add(
          new IndexFacts.Part(
              columns.get(i),
              expression && i < expressions.size() ? expressions.get(i) : "",
              collations[i],
              classes[i] + settings.get(i) + coarse,
              (option & 1) != 0,
              (option & 2) != 0));
    }
    return new IndexFacts(
        row.getString("relname"),
        new TableName(row.getString("nspname"), row.getString("table_name")),
        row.getString("amname"),
        parts,
        List.of(),
        all.subList(columns.size(), all.size()),
        row.getString("predicate"),
        row.getBoolean("indisunique"),
        row.getBoolean("nulls_equal"),
        row.getBoolean("needed"),
        row.getBoolean("valid"),
        row.getBoolean("part"),
        OptionalLong.of(row.getLong("bytes")),
        OptionalLong.of(row.getLong("scans")));
  }

  private static List<String> texts(@Nullable Array array) throws SQLException {
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  @Override
  public List<ForeignKeyFacts> foreignKeys() {
    return asking.rows(HealthSql.FOREIGN_KEYS, PostgresExaminer::foreignKey);
  }

  private static ForeignKeyFacts foreignKey(ResultSet row) throws SQLException {
    TableName from = new TableName(row.getString("from_schema"), row.getString("from_name"));
    List<String> columns = texts(row.getArray("columns"));
    String how = row.getBoolean("parted") ? "" : "CONCURRENTLY ";
    return new ForeignKeyFacts(
        row.getString("conname"),
        from,
        columns,
        new TableName(row.getString("to_schema"), row.getString("to_name")),
        "CREATE INDEX %sON %s (%s);"
            .formatted(how, Sql.quote(from), Sql.list(columns, Sql::quote)));
  }

  @Override
  public void sampleTimes(Table table, Item time, RowSink sink) {
    reader.sampleTimes(table, time, sink);
  }

  @Override
  public Activity activity() {
    Map<String, Long> connections = new LinkedHashMap<>();
    asking
        .rows(HealthSql.CONNECTIONS, row -> Map.entry(row.getString(1), row.getLong(2)))
        .forEach(entry -> connections.put(entry.getKey(), entry.getValue()));
    return new Activity(
        connections, OptionalLong.of(SessionChecks.limit(asking)), List.of(), List.of());
  }

  @Override
  public List<Activity.Statement> statements() {
    return new StatementReader(asking).read();
  }

  @Override
  public List<Checkup> checkups() {
    BloatChecks bloat = new BloatChecks(asking, asked.thresholds());
    VacuumChecks vacuum = new VacuumChecks(asking);
    SessionChecks sessions = new SessionChecks(asking, asked.thresholds());
    HorizonChecks horizon = new HorizonChecks(asking, asked.thresholds());
    return List.of(
        new Checkup("bloat of tables", bloat::tables),
        new Checkup("bloat of large values", bloat::toast),
        new Checkup("bloat of indexes", bloat::indexes),
        new Checkup("invalid indexes", () -> InvalidIndexCheck.look(asking)),
        new Checkup("backfills", this::backfills),
        new Checkup("sequences", () -> SequenceCheck.look(asking)),
        new Checkup("partitions", () -> PartitionChecks.ending(asking)),
        new Checkup("default partitions", () -> PartitionChecks.fallbacks(asking)),
        new Checkup("transaction numbers", vacuum::wraparound),
        new Checkup("dead rows", vacuum::lag),
        new Checkup("statistics of the planner", vacuum::statistics),
        new Checkup("autovacuum", vacuum::off),
        new Checkup("transactions", sessions::transactions),
        new Checkup("blocked sessions", sessions::blocked),
        new Checkup("connections", sessions::connections),
        new Checkup("sessions of other roles", sessions::hidden),
        new Checkup("prepared transactions", horizon::prepared),
        new Checkup("replication slots", horizon::slots),
        new Checkup("standbys", horizon::standbys));
  }

  private List<Finding> backfills() {
    try {
      return OpenBackfills.findings(FillNotes.everywhere(asking.session()));
    } catch (SQLException e) {
      throw asking.told(e);
    } catch (TidelineException e) {
      throw new UnseenException(e.what(), e);
    }
  }

  @Override
  public String dropIndex(IndexFacts index) {
    return dropIndex(new TableName(index.table().schema(), index.name()), index);
  }

  /** The parts of a partitioned index go with it, and it cannot go CONCURRENTLY. */
  private String dropIndex(TableName name, IndexFacts index) {
    boolean parted = partitioned().contains(index.table());
    return "DROP INDEX " + (parted ? "" : "CONCURRENTLY ") + Sql.quote(name) + ";";
  }

  private List<TableName> partitioned() {
    List<TableName> known = partitioned;
    if (known == null) {
      known =
          asking.rows(
              "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                  + " ON n.oid = c.relnamespace WHERE c.relkind = 'p'",
              row -> new TableName(row.getString(1), row.getString(2)));
      partitioned = known;
    }
    return known;
  }

  @Override
  public void close() {
    session.close();
  }
}
