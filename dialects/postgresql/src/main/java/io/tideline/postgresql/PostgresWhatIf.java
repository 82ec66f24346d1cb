package io.tideline.postgresql;

import io.tideline.catalogue.Catalogue;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.WhatIf;
import io.tideline.tuning.IndexColumn;
import io.tideline.tuning.IndexSpec;
import io.tideline.tuning.QueryPlan;
import io.tideline.tuning.QueryText;
import io.tideline.tuning.TableSize;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A stand-in of temporary tables. */
final class PostgresWhatIf implements WhatIf {
  private static final String LIMITS = "SET lock_timeout = '2s'; SET statement_timeout = '60s'";

  private final Session session;
  private final StandInTables tables;
  private final String place;

  private PostgresWhatIf(Session session, StandInTables tables, String place) {
    this.session = session;
    this.tables = tables;
    this.place = place;
  }

  static PostgresWhatIf open(
      ConnectionUrl url, Names names, Catalogue catalogue, List<TableSize> sizes) {
    Map<String, TableSize> known = new HashMap<>();
    for (TableSize size : sizes) {
      Table table = names.table(catalogue, size.table());
      Map<String, Long> distinct = new HashMap<>();
      size.distinct().forEach((c, values) -> distinct.put(Names.column(table, c), values));
      String name = table.name().schema() + "." + table.name().name();
      known.put(name, new TableSize(name, size.rows(), distinct));
    }
    Session session = Sessions.reading(url);
    try {
      session.execute(LIMITS);
      return new PostgresWhatIf(session, new StandInTables(session, known), url.place());
    } catch (SQLException e) {
      session.close();
      throw Failures.reading(
          e, session.attempt("Cannot make a stand-in of " + url.place(), null, ""));
    }
  }

  @Override
  public QueryPlan explain(QueryText text, List<@Nullable Object> values) {
    try {
      QueryText own = tables.standIn(text);
      return Provisional.plan(session, own, (List) values);
    } catch (SQLException e) {
      throw failed("Cannot explain a query on a stand-in of " + place, e);
    }
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

  @Override
  public boolean includes() {
    return true;
  }

  /** A partitioned table's cannot be made concurrently. */
  @Override
  public String statement(Table table, IndexSpec index) {
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
