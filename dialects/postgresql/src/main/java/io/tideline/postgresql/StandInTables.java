package io.tideline.postgresql;

import io.tideline.catalogue.TableName;
import io.tideline.health.Figures;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.TableSize;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Temporary tables of one session that stand in for live ones: the same columns, indexes and some
 * of the rows, analyzed. A live table is locked as by any SELECT, for as long as some of its rows
 * are read. Temporary tables are nobody else's and end with the session, however it ends.
 *
 * <p>The planner reckons rows by the density that ANALYZE found and the pages that are there: a
 * superuser can tell it a higher density, so that as many rows are planned for as are live. Others
 * cannot, and plan for the rows that stand in.
 */
final class StandInTables {
  /** About so many rows stand in for a table that has more. */
  private static final long ROWS = 20_000;

  private static final long BYTES = 48L << 20;
  private static final double WHOLE = 100;

  private final Session session;
  private final Map<String, TableSize> sizes;
  private final boolean superuser;
  private final Map<TableName, StandInTable> tables = new LinkedHashMap<>();
  private final Set<TableName> refused = new LinkedHashSet<>();
  private final List<String> schemas;

  /**
   * @param sizes those of production that the user declares, by the table's full name
   */
  StandInTables(Session session, Map<String, TableSize> sizes) throws SQLException {
    this.session = session;
    this.sizes = sizes;
    this.superuser = session.text(StandInSql.SUPERUSER).equals("t");
    List<String> path = new ArrayList<>();
    try (Statement statement = session.statement();
        ResultSet rows = statement.executeQuery(StandInSql.SCHEMAS)) {
      while (rows.next()) {
        path.add(rows.getString(1));
      }
    }
    schemas = path;
  }

  /** The schema in which they stand in; empty before the first. */
  String schema() throws SQLException {
    return session.text(StandInSql.OWN_SCHEMA);
  }

  /** The tables that stand in. */
  List<StandInTable> all() {
    return List.copyOf(tables.values());
  }

  /** What stands in for a table. */
  Optional<StandInTable> of(TableName name) {
    return Optional.ofNullable(tables.get(name));
  }

  /** Lets every table stand in that a query names. @return the query on those */
  QueryText standIn(QueryText text) throws SQLException {
    StandInText named = new StandInText(text);
    for (TableName name : named.tables(schemas, this::known)) {
      make(name);
    }
    return named.without(tables::containsKey);
  }

  private boolean known(TableName name) {
    try (PreparedStatement asked =
        session
            .connection()
            .prepareStatement(
                "SELECT c.relkind FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n"
                    + " ON n.oid = c.relnamespace WHERE n.nspname = ? AND c.relname = ?"
                    + " AND c.relkind IN ('r', 'p', 'm', 'v') AND n.nspname <> 'pg_catalog'"
                    + " AND n.nspname <> 'information_schema'")) {
      asked.setString(1, name.schema());
      asked.setString(2, name.name());
      try (ResultSet rows = asked.executeQuery()) {
        return rows.next();
      }
    } catch (SQLException e) {
      return false;
    }
  }

  /** Two of the same name in different schemas cannot both stand in. */
  private void make(TableName name) throws SQLException {
    boolean other = tables.keySet().stream().anyMatch(each -> each.name().equals(name.name()));
    if (tables.containsKey(name) || other) {
      if (other && !tables.containsKey(name)) {
        refused.add(name);
      }
      return;
    }
    try (PreparedStatement asked = session.connection().prepareStatement(StandInSql.TABLE)) {
      asked.setString(1, name.schema());
      asked.setString(2, name.name());
      try (ResultSet row = asked.executeQuery()) {
        if (!row.next()) {
          return;
        }
        String kind = row.getString("kind");
        long oid = row.getLong("oid");
        if (kind.equals("v")) {
          view(name, oid);
        } else {
          whole(name, kind, oid, row.getLong("rows"), row.getLong("bytes"));
        }
      }
    }
  }

  /** A live view reads live tables: a temporary one reads what stands in for them. */
  private void view(TableName name, long oid) throws SQLException {
    String definition;
    try (PreparedStatement asked = session.connection().prepareStatement(StandInSql.VIEW)) {
      asked.setLong(1, oid);
      try (ResultSet row = asked.executeQuery()) {
        definition = row.next() ? row.getString(1) : "";
      }
    }
    QueryText own = standIn(QueryText.of(definition));
    StandInTable view = new StandInTable(name, "v", 0, 0, List.of(), "a view");
    writing("CREATE TEMPORARY VIEW " + Sql.quote(name.name()) + " AS " + own.sql());
    tables.put(name, view);
  }

  /** One that is half made would hide the live one. */
  private void whole(TableName name, String kind, long oid, long rows, long bytes)
      throws SQLException {
    try {
      table(name, kind, oid, rows, bytes);
    } catch (SQLException e) {
      writing("DROP TABLE IF EXISTS pg_temp." + Sql.quote(name.name()));
      throw e;
    }
  }

  private void table(TableName name, String kind, long oid, long estimate, long bytes)
      throws SQLException {
    String quoted = "pg_temp." + Sql.quote(name.name());
    writing(
        "CREATE TEMPORARY TABLE "
            + Sql.quote(name.name())
            + " (LIKE "
            + Sql.quote(name)
            + " INCLUDING STATISTICS)");
    double share = share(estimate, bytes);
    String sample =
        share >= WHOLE || kind.equals("v")
            ? ""
            : String.format(Locale.ROOT, " TABLESAMPLE SYSTEM (%.6f) REPEATABLE (6)", share);
    long sampled =
        session.update("INSERT INTO " + quoted + " SELECT * FROM " + Sql.quote(name) + sample);
    TableSize declared = sizes.get(name.schema() + "." + name.name());
    long here = sample.isEmpty() ? sampled : Math.max(estimate, sampled);
    long rows = declared == null ? here : declared.rows();
    boolean filled = sampled == 0 && declared != null;
    Set<String> told = declared == null ? Set.of() : declared.distinct().keySet();
    StandInTable table =
        new StandInTable(
            name,
            kind,
            rows,
            filled ? Math.min(rows, ROWS) : sampled,
            indexes(oid),
            declared == null ? "counted" : filled ? "declared, none are here" : "declared");
    if (filled) {
      new EmptyTable(session, table, told).fill();
    }
    for (StandInTable.RealIndex index : table.indexes()) {
      writing(index.statement(quoted));
      if (index.primary()) {
        writing(
            "ALTER TABLE " + quoted + " ADD PRIMARY KEY USING INDEX " + Sql.quote(index.name()));
      }
    }
    distinct(table, declared);
    if (filled) {
      session.execute("VACUUM " + quoted);
      EmptyTable.analyze(session, table, told);
    } else {
      session.execute("VACUUM (ANALYZE) " + quoted);
    }
    scale(table);
    for (StandInTable.RealIndex index : table.indexes()) {
      scale(table, index.name());
    }
    tables.put(name, table);
  }

  /** In percent; large values stand apart and count as bytes too. */
  private static double share(long rows, long bytes) {
    double byBytes = bytes <= BYTES ? WHOLE : WHOLE * BYTES / bytes;
    double byRows = rows <= ROWS ? WHOLE : WHOLE * ROWS / rows;
    return rows < 0 ? byBytes : Math.min(byBytes, byRows);
  }

  private List<StandInTable.RealIndex> indexes(long oid) throws SQLException {
    List<StandInTable.RealIndex> indexes = new ArrayList<>();
    try (PreparedStatement asked = session.connection().prepareStatement(StandInSql.INDEXES)) {
      asked.setLong(1, oid);
      try (ResultSet row = asked.executeQuery()) {
        while (row.next()) {
          indexes.add(
              new StandInTable.RealIndex(
                  row.getString(1), row.getBoolean(2), row.getBoolean(3), row.getString(4)));
        }
      }
    }
    return indexes;
  }

  /** Some rows do not show how many different values all have: the live statistics know. */
  private void distinct(StandInTable table, @Nullable TableSize declared) throws SQLException {
    Map<String, String> values = new LinkedHashMap<>();
    try (PreparedStatement asked = session.connection().prepareStatement(StandInSql.DISTINCT)) {
      asked.setString(1, table.name().schema());
      asked.setString(2, table.name().name());
      asked.setString(3, table.kind());
      try (ResultSet row = asked.executeQuery()) {
        while (row.next()) {
          values.put(row.getString(1), row.getString(2));
        }
      }
    }
    if (declared != null) {
      declared.distinct().forEach((column, count) -> values.put(column, String.valueOf(count)));
    }
    for (Map.Entry<String, String> each : values.entrySet()) {
      writing(
          "ALTER TABLE "
              + table.quoted()
              + " ALTER COLUMN "
              + Sql.quote(each.getKey())
              + " SET (n_distinct = "
              + each.getValue()
              + ")");
    }
  }

  /** Makes an index that is not in the database. @return about its bytes there */
  long add(StandInTable table, IndexSpec index, String statement) throws SQLException {
    writing(statement);
    scale(table); // CREATE INDEX counted the rows that stand in
    scale(table, index.name());
    if (index.hasExpression()) {
      session.execute("ANALYZE " + table.quoted());
      scale(table);
    }
    String bytes =
        session.text(
            "SELECT pg_catalog.pg_relation_size(pg_catalog.to_regclass("
                + Sql.string("pg_temp." + Sql.quote(index.name()))
                + "))");
    return Math.round((bytes.isEmpty() ? 0 : Long.parseLong(bytes)) * table.factor());
  }

  void remove(IndexSpec index) throws SQLException {
    writing("DROP INDEX pg_temp." + Sql.quote(index.name()));
  }

  private void scale(StandInTable table) throws SQLException {
    if (superuser && table.factor() > 1) {
      scale(table.quoted(), table.rows());
    }
  }

  /** A partial index holds the same share of the rows. */
  private void scale(StandInTable table, String index) throws SQLException {
    if (superuser && table.factor() > 1) {
      String quoted = "pg_temp." + Sql.quote(index);
      String held =
          session.text(
              "SELECT c.reltuples FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass("
                  + Sql.string(quoted)
                  + ")");
      scale(quoted, held.isEmpty() ? table.rows() : Double.parseDouble(held) * table.factor());
    }
  }

  private void scale(String relation, double rows) throws SQLException {
    session.execute("BEGIN READ WRITE");
    try (PreparedStatement update = session.connection().prepareStatement(StandInSql.SCALE)) {
      update.setFloat(1, (float) rows);
      update.setString(2, relation);
      update.executeUpdate();
      session.execute("COMMIT");
    } catch (SQLException e) {
      session.execute("ROLLBACK");
      throw e;
    }
  }

  /** A transaction of our own statements; everything else of the session only reads. */
  private void writing(String statement) throws SQLException {
    writing(session, statement);
  }

  static void writing(Session session, String statement) throws SQLException {
    session.execute("BEGIN READ WRITE");
    try {
      session.execute(statement);
      session.execute("COMMIT");
    } catch (SQLException e) {
      session.execute("ROLLBACK");
      throw e;
    }
  }

  /** One phrase for each table. */
  List<String> basis() {
    List<String> basis = new ArrayList<>();
    for (StandInTable table : tables.values()) {
      if (!table.kind().equals("v")) {
        basis.add(basis(table));
      }
    }
    refused.forEach(
        name -> basis.add(name + ": the live table, because another of its name stands in"));
    return basis;
  }

  private String basis(StandInTable table) {
    String rows = table.name() + ": " + Figures.count(table.rows(), "row") + " (" + table.basis();
    String some =
        table.sampled() == table.rows()
            ? ", all of them"
            : ", planned from " + Figures.count(table.sampled(), "row");
    String scaled =
        table.factor() > 1 && !superuser
            ? "; plans are for those, as only a superuser can tell the planner of more"
            : "";
    String parted = table.kind().equals("p") ? "; its partitions stand in as one table" : "";
    return rows + some + scaled + parted + ")";
  }
}
