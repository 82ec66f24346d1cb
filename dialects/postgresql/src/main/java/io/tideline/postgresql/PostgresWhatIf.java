package io.tideline.postgresql;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.WhatIf;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.PlanNode;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.TableSize;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A stand-in of temporary tables. */
final class PostgresWhatIf implements WhatIf {
  /** How long it may take to bring rows of one table, or to make one index over them. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private final Session session;
  private final StandInTables tables;
  private final String place;
  private final int version;

  private PostgresWhatIf(Session session, StandInTables tables, String place, int version) {
    this.session = session;
    this.tables = tables;
    this.place = place;
    this.version = version;
  }

  static WhatIf open(
      ConnectionUrl url, int version, Names names, Catalogue catalogue, List<TableSize> sizes) {
    Map<String, TableSize> known = new HashMap<>();
    for (TableSize size : sizes) {
      Table table = names.table(catalogue, size.table());
      Map<String, Long> distinct = new HashMap<>();
      size.distinct().forEach((c, values) -> distinct.put(Names.column(table, c), values));
      String name = table.name().schema() + "." + table.name().name();
      known.put(name, new TableSize(name, size.rows(), distinct));
    }
    Session session = Sessions.guarded(url, LONGEST);
    try {
      boolean parted = catalogue.tables().stream().anyMatch(each -> !each.partitions().isEmpty());
      Optional<HypotheticalIndexes> live =
          sizes.isEmpty() && !parted
              ? HypotheticalIndexes.of(session, url.place(), version)
              : Optional.empty();
      if (live.isPresent()) {
        return live.get();
      }
      StandInTables tables = new StandInTables(session, known);
      return new PostgresWhatIf(session, tables, url.place(), version);
    } catch (SQLException e) {
      session.close();
      throw Failures.reading(
          e, session.attempt("Cannot make a stand-in of " + url.place(), null, ""));
    }
  }

  @Override
  public QueryPlan explain(QueryText text, List<@Nullable Object> values) {
    try {
      ReadingOnly.check(session, text);
      String plain = json(session, tables.standIn(text), values);
      String schema = tables.schema();
      // A plan calls the session's own schema by its alias, the catalogue by its name.
      String json = plain.replace("\"Schema\": \"pg_temp\"", "\"Schema\": \"" + schema + "\"");
      ReadingOnly.checkPlan(session, json);
      QueryPlan plan = new PlanTree(Relations.read(session), version).plan(json);
      List<PlanNode> steps = plan.steps().stream().map(step -> real(step, schema)).toList();
      return new QueryPlan(plan.engine(), steps, plan.cost());
    } catch (SQLException e) {
      throw failed("Cannot explain the query on a stand-in of " + place, e);
    }
  }

  static String json(Session session, QueryText text, List<@Nullable Object> values)
      throws SQLException {
    try (PreparedStatement statement =
        session.connection().prepareStatement("EXPLAIN (FORMAT JSON, VERBOSE) " + text.jdbc())) {
      PostgresGuardedSession.bind(statement, values);
      try (ResultSet rows = statement.executeQuery()) {
        rows.next();
        return String.valueOf(rows.getString(1));
      }
    }
  }

  /** The step with the name of the live table. */
  private PlanNode real(PlanNode step, String schema) {
    PlanNode named = step;
    for (StandInTable table : tables.all()) {
      String own = schema + "." + table.name().name();
      if (step.table().equals(own)) {
        String live = table.name().schema() + "." + table.name().name();
        named =
            new PlanNode(
                step.kind(),
                live,
                step.index(),
                step.covering(),
                step.text().replace(" on " + own, " on " + live),
                step.estimated(),
                step.examined(),
                step.children());
      }
    }
    return named.over(step.children().stream().map(each -> real(each, schema)).toList());
  }

  @Override
  public long add(Table table, IndexSpec index) {
    try {
      StandInTable own = standIn(table.name());
      return tables.add(
          own, index, IndexStatement.of(index, table, "", index.name(), own.quoted()));
    } catch (SQLException e) {
      throw failed("Cannot try the index " + index.name() + " on " + table.name(), e);
    }
  }

  private StandInTable standIn(TableName table) {
    return tables
        .of(table)
        .orElseThrow(() -> new IllegalArgumentException("Cannot try an index on " + table));
  }

  @Override
  public void remove(Table table, IndexSpec index) {
    try {
      tables.remove(index);
    } catch (SQLException e) {
      throw failed("Cannot take the index " + index.name() + " back", e);
    }
  }

  @Override
  public OptionalLong rows(TableName table) {
    return tables.of(table).map(t -> OptionalLong.of(t.rows())).orElse(OptionalLong.empty());
  }

  /** A partitioned table's cannot be made concurrently. */
  @Override
  public String statement(Table table, IndexSpec index) {
    return live(table, index);
  }

  static String live(Table table, IndexSpec index) {
    String how = table.partitions().isEmpty() ? "CONCURRENTLY" : "";
    return IndexStatement.of(index, table, how, index.name(), Sql.quote(table.name())) + ";";
  }

  @Override
  public List<String> basis() {
    return tables.basis();
  }

  private RuntimeException failed(String what, SQLException e) {
    return Failures.reading(e, session.attempt(what, null, ""));
  }

  @Override
  public void close() {
    session.close();
  }
}
