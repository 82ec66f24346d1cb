package io.tideline.postgresql;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.WhatIf;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Indexes that only this session's planner believes in, on the live tables, where the extension
 * HypoPG is installed. No rows are copied, nothing is written, and no other session sees them.
 *
 * @see <a href="https://hypopg.readthedocs.io/en/rel1_stable/usage.html">HypoPG</a>
 */
final class HypotheticalIndexes implements WhatIf {
  private static final String EXTENSION =
      """
      SELECT pg_catalog.quote_ident(n.nspname) || ' ' || e.extversion
      FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
      WHERE e.extname = 'hypopg'
        AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')""";

  private static final String ROWS =
      """
      SELECT c.reltuples::pg_catalog.int8 FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ? AND c.relname = ? AND c.reltuples >= 0""";

  private final Session session;
  private final String schema;
  private final String extension;
  private final String place;
  private final int version;
  private final Map<String, Added> added = new LinkedHashMap<>();

  /** One that was added, by what the server knows it. */
  private record Added(IndexSpec index, TableName table, long oid, String name, String leads) {}

  private HypotheticalIndexes(
      Session session, String schema, String extension, String place, int version) {
    this.session = session;
    this.schema = schema;
    this.extension = extension;
    this.place = place;
    this.version = version;
  }

  /** Those of a session; empty where the database does not have the extension. */
  static Optional<HypotheticalIndexes> of(Session session, String place, int version)
      throws SQLException {
    String found = session.text(EXTENSION);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int end = found.lastIndexOf(' ');
    String schema = found.substring(0, end) + ".";
    return Optional.of(
        new HypotheticalIndexes(session, schema, found.substring(end + 1), place, version));
  }

  @Override
  public QueryPlan explain(QueryText text, List<@Nullable Object> values) {
    try {
      ReadingOnly.check(session, text);
      String json = PostgresWhatIf.json(session, text, values);
      ReadingOnly.checkPlan(session, json);
      Relations relations = Relations.read(session);
      for (Added each : added.values()) {
        json = json.replace(quoted(each.name()), quoted(each.index().name()));
        relations.add(
            new TableName(each.table().schema(), each.index().name()),
            new Relations.Index(each.index().name(), each.leads(), !each.leads().isEmpty()));
      }
      return new PlanTree(relations, version).plan(json);
    } catch (SQLException e) {
      throw failed("Cannot explain the query", e);
    }
  }

  /** As it stands in JSON. */
  private static String quoted(String name) {
    return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public long add(Table table, IndexSpec index) {
    try (PreparedStatement made =
        session
            .connection()
            .prepareStatement(
                "SELECT indexrelid::pg_catalog.int8, indexname, "
                    + schema
                    + "hypopg_relation_size(indexrelid), pg_catalog.quote_ident(?) FROM "
                    + schema
                    + "hypopg_create_index(?)")) {
      IndexColumn first = index.columns().get(0);
      made.setString(1, first.column());
      made.setString(2, IndexStatement.of(index, table, "", index.name(), Sql.quote(table.name())));
      try (ResultSet row = made.executeQuery()) {
        row.next();
        String leads = first.isExpression() ? "" : row.getString(4);
        added.put(
            index.name(), new Added(index, table.name(), row.getLong(1), row.getString(2), leads));
        return row.getLong(3);
      }
    } catch (SQLException e) {
      throw failed("Cannot try the index " + index.name() + " on " + table.name(), e);
    }
  }

  @Override
  public void remove(Table table, IndexSpec index) {
    Added gone = added.remove(index.name());
    if (gone != null) {
      try {
        session.text("SELECT " + schema + "hypopg_drop_index(" + gone.oid() + "::oid)");
      } catch (SQLException e) {
        throw failed("Cannot take the index " + index.name() + " back", e);
      }
    }
  }

  @Override
  public OptionalLong rows(TableName table) {
    try (PreparedStatement asked = session.connection().prepareStatement(ROWS)) {
      asked.setString(1, table.schema());
      asked.setString(2, table.name());
      try (ResultSet row = asked.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    } catch (SQLException e) {
      throw failed("Cannot look at the size of " + table, e);
    }
  }

  @Override
  public String statement(Table table, IndexSpec index) {
    return PostgresWhatIf.live(table, index);
  }

  @Override
  public List<String> basis() {
    return List.of("the live tables and their statistics, with indexes by HypoPG " + extension);
  }

  private RuntimeException failed(String what, SQLException e) {
    return Failures.reading(e, session.attempt(what + " in " + place, null, ""));
  }

  @Override
  public void close() {
    try {
      session.text("SELECT " + schema + "hypopg_reset()");
    } catch (SQLException e) {
      return; // they end with the session
    } finally {
      session.close();
    }
  }
}
