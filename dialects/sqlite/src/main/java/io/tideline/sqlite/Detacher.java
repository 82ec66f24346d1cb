package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.catalogue.Trigger;
import io.tideline.dialect.SurpriseException;
import io.tideline.row.PackedRows;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Sets columns of rows to NULL. {@code OR ABORT} stands before a constraint's own {@code ON
 * CONFLICT REPLACE}, which would put a default in the place of NULL
 * (https://sqlite.org/lang_conflict.html).
 */
final class Detacher {
  private final Session session;
  private final Losses losses;
  private final Table table;
  private final List<String> columns;

  Detacher(Session session, Losses losses, Table table, List<String> columns) {
    this.session = session;
    this.losses = losses;
    this.table = table;
    this.columns = columns;
  }

  long detach(PackedRows keys) {
    long before = losses.totalChanges();
    long detached = 0;
    for (int first = 0; first < keys.size(); first += Queries.KEYS) {
      detached += detach(keys, first, Math.min(Queries.KEYS, keys.size() - first));
    }
    long changed = losses.totalChanges() - before;
    if (changed != detached && table.triggers().stream().noneMatch(Trigger::onUpdate)) {
      throw new SurpriseException(
          "table %s: %s rows were detached, SQLite changed %s"
              .formatted(table.name(), detached, changed));
    }
    losses.updated(table.name(), detached);
    return detached;
  }

  private long detach(PackedRows keys, int first, int count) {
    String nulls =
        columns.stream()
            .map(column -> Sql.quote(column) + " = NULL")
            .collect(Collectors.joining(", "));
    Sql sql = session.sql().add("UPDATE OR ABORT " + Sql.quote(table.name()) + " SET " + nulls);
    RowSql rows = new RowSql(table, session.encoding());
    sql.add(" WHERE ").add(rows.keyIn(Queries.keyOf(table), keys, first, count));
    return session.update(
        "Cannot change table " + table.name() + " of " + session.file().path(), sql);
  }
}
