package io.tideline.sqlite;

import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.Backfiller.Look;
import io.tideline.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a backfill reads of its table, in short reads. */
final class FillLook {
  private final Session session;
  private final BackfillTarget target;
  private final FillSql sql;
  private final String what;

  FillLook(Session session, BackfillTarget target, FillSql sql) {
    this.session = session;
    this.target = target;
    this.sql = sql;
    this.what = "Cannot read the rows of " + target.table().name();
  }

  /** The last key of the next rows after a place; empty if there are none. */
  Optional<Row> end(Optional<Row> place, int rows) {
    List<Sql> names = new ArrayList<>();
    List<String> inner = new ArrayList<>();
    List<String> order = new ArrayList<>();
    for (int i = 0; i < sql.key().size(); i++) {
      String name = Sql.quote(FillSql.logKey(i));
      names.add(sql.sql().add(name));
      inner.add(Sql.column(sql.table(), sql.key().get(i)) + " AS " + name);
      order.add(name + " DESC");
    }
    Sql query = sql.sql().add("SELECT ");
    query
        .results(names)
        .add(" FROM (SELECT " + String.join(", ", inner) + " FROM " + sql.from())
        .add(sql.within(place, Optional.empty()))
        .add(" ORDER BY " + sql.keys() + " LIMIT ")
        .value(rows)
        .add(") ORDER BY " + String.join(", ", order) + " LIMIT 1");
    List<Row> found = new ArrayList<>();
    session.query(what, query, row -> found.add(row.slice(0, row.width())));
    return found.stream().findFirst();
  }

  /** How many rows there are between two places, how many meet the condition, and how some fare. */
  Look look(Optional<Row> place, Optional<Row> through, int compare) {
    if (through.isEmpty()) {
      return new Look(0, 0, 0, 0);
    }
    long rows =
        session.number(
            what,
            sql.sql().add("SELECT count(*) FROM " + sql.from()).add(sql.within(place, through)));
    long matching = matching(place, through);
    if (compare == 0) {
      return new Look(rows, matching, 0, 0);
    }
    long[] compared = compared(place, through, compare);
    return new Look(rows, matching, compared[0], compared[1]);
  }

  /** How many rows between two places meet the condition. */
  long matching(Optional<Row> place, Optional<Row> through) {
    return session.number(
        what,
        sql.sql()
            .add("SELECT count(*) FROM " + sql.from())
            .add(sql.within(place, through))
            .add(" AND ")
            .add(sql.condition()));
  }

  private long[] compared(Optional<Row> place, Optional<Row> through, int most) {
    Sql query = target.logged() ? asLogged(place, through, most) : asCopied(place, through, most);
    long[] found = new long[2];
    session.query(
        what,
        query,
        row -> {
          found[0] = row.integer(0);
          found[1] = row.integer(1);
          return false;
        });
    return found;
  }

  /** Whether rows of the log hold what was written. */
  private Sql asLogged(Optional<Row> place, Optional<Row> through, int most) {
    String keys = sql.key().size() == 1 ? sql.keys() : "(" + sql.keys() + ")";
    return counted("CASE WHEN " + sql.holdsNow() + " THEN 0 ELSE 1 END")
        .add(" FROM " + sql.from() + " JOIN " + sql.log() + " ON " + sql.sameKey())
        .add(" WHERE " + keys + " IN (SELECT " + sql.keys() + " FROM " + sql.from())
        .add(sql.within(place, through))
        .add(" ORDER BY " + sql.keys() + " LIMIT ")
        .value(most)
        .add(")");
  }

  /** Whether rows hold what the source says now. */
  private Sql asCopied(Optional<Row> place, Optional<Row> through, int most) {
    return counted("CASE WHEN " + isSource() + " THEN 0 ELSE 1 END")
        .add(" FROM (SELECT * FROM " + sql.from())
        .add(sql.within(place, through))
        .add(" ORDER BY " + sql.keys() + " LIMIT ")
        .value(most)
        .add(") AS " + Sql.quote(sql.table().name().name()))
        .add(" WHERE " + sql.column() + " IS NOT NULL");
  }

  private Sql counted(String different) {
    Sql query = sql.sql().add("SELECT ");
    return query.results(
        List.of(sql.sql().add("count(*)"), sql.sql().add("coalesce(sum(" + different + "), 0)")));
  }

  /** By the column's affinity, as it was stored. */
  private String isSource() {
    return sql.value().text() + " IS " + sql.column() + " COLLATE BINARY";
  }

  /** How many rows hold a value in the added column that is not what the source says. */
  long others() {
    return session.number(
        what,
        sql.sql()
            .add("SELECT count(*) FROM " + sql.from() + " WHERE " + sql.column() + " IS NOT NULL")
            .add(" AND NOT (" + isSource() + ")"));
  }
}
