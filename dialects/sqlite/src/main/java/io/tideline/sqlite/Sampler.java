package io.tideline.sqlite;

import io.tideline.catalogue.Index;
import io.tideline.catalogue.Table;
import io.tideline.dialect.Item;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import io.tideline.row.RowSink;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** Looks at a few rows of a table to learn about all. */
final class Sampler {
  /** Values from each end. */
  private static final int END = 32;

  /** Seeks to random places. */
  private static final int SEEKS = 96;

  /** Rows looked at from each end of the key for values of a storage class that is rare. */
  private static final int SWEEP = 50_000;

  /** A database up to this size is walked page by page for exact figures. */
  private static final long WALKED_BYTES = 128L << 20;

  private final Session session;
  private final Table table;
  private final ScanSql sqls;
  private final String what;
  private final boolean sweeps;

  Sampler(Session session, Table table) {
    this(session, table, true);
  }

  /**
   * @param sweeps whether many rows may be read, which is slow where large values stand before the
   *     time
   */
  Sampler(Session session, Table table, boolean sweeps) {
    this.sweeps = sweeps;
    this.session = session;
    this.table = table;
    this.sqls = new ScanSql(table, session.encoding());
    this.what = "Cannot read table " + table.name() + " of " + session.file().path();
  }

  /** Gives values of a time that between them show how it is written. */
  void times(Item time, RowSink sink) {
    RowSink present = row -> row.isNull(0) || sink.accept(row);
    Sql value = sqls.rows().item(time);
    if (indexed(time)) {
      endsOfIndex(value, present);
    }
    for (String direction : List.of(" ASC", " DESC")) {
      session.query(what, ordered(value, direction, END), present);
      if (sweeps) {
        classes(value, direction, sink);
      }
    }
    middles(value, present);
  }

  /** An index holds the times in order, numbers before text before blobs: each class has ends. */
  private void endsOfIndex(Sql value, RowSink sink) {
    Sql numbers = session.sql().add(value).add(" < ''");
    Sql texts = session.sql().add(value).add(" >= '' AND ").add(value).add(" < x''");
    Sql blobs = session.sql().add(value).add(" >= x''");
    for (Sql storage : List.of(numbers, texts, blobs)) {
      for (String direction : List.of(" ASC", " DESC")) {
        Sql sql = sqls.select(List.of(value)).add(" WHERE ").add(storage);
        session.query(
            what, sql.add(" ORDER BY ").add(value).add(direction + " LIMIT " + END), sink);
      }
    }
  }

  /** The first rows by key. */
  private Sql ordered(Sql value, String direction, int limit) {
    return sqls.select(List.of(value)).add(byKey(direction)).add(" LIMIT " + limit);
  }

  /** The smallest and largest value of each storage class among many rows of one end. */
  private void classes(Sql value, String direction, RowSink sink) {
    List<Sql> extremes = new ArrayList<>();
    for (String storage : List.of("integer", "real", "text", "blob")) {
      for (String extreme : List.of("min", "max")) {
        extremes.add(
            session.sql().add(extreme + "(CASE WHEN typeof(v) = '" + storage + "' THEN v END)"));
      }
    }
    Sql rows = session.sql().add("SELECT ").add(value).add(" AS v FROM ");
    rows.add(Sql.quote(table.name()) + byKey(direction) + " LIMIT " + SWEEP);
    Sql sql = session.sql().add("SELECT ").results(extremes).add(" FROM (").add(rows).add(")");
    Row one = new Row(1);
    session.query(
        what,
        sql,
        row -> {
          for (int i = 0; i < row.width(); i++) {
            if (row.kind(i) != Kind.NULL) {
              one.set(0, row, i);
              if (!sink.accept(one)) {
                return false;
              }
            }
          }
          return true;
        });
  }

  /** Seeks to random keys where the key is a number; other keys have only their ends. */
  private void middles(Sql value, RowSink sink) {
    Optional<long[]> span = span();
    if (span.isEmpty()) {
      return;
    }
    String key = Sql.column(table, key().get(0));
    for (int i = 0; i < SEEKS; i++) {
      long from = span.get()[0];
      long to = span.get()[1];
      long place = to == Long.MAX_VALUE ? to : ThreadLocalRandom.current().nextLong(from, to + 1);
      Sql sql = sqls.select(List.of(value)).add(" WHERE " + key + " >= ").value(place);
      session.query(what, sql.add(" ORDER BY " + key + " LIMIT 1"), sink);
    }
  }

  /** The least and greatest key, where both are integers of a single column. */
  private Optional<long[]> span() {
    if (key().size() != 1) {
      return Optional.empty();
    }
    String key = Sql.column(table, key().get(0));
    Row ends = new Row(2);
    for (String end : List.of("min", "max")) {
      Sql sql = sqls.select(List.of(session.sql().add(end + "(" + key + ")")));
      session.query(
          what,
          sql,
          row -> {
            ends.set(end.equals("min") ? 0 : 1, row, 0);
            return false;
          });
    }
    return ends.kind(0) == Kind.INTEGER && ends.kind(1) == Kind.INTEGER
        ? Optional.of(new long[] {ends.integer(0), ends.integer(1)})
        : Optional.empty();
  }

  /** Bytes of the table and its indexes. */
  long bytes() throws SQLException {
    long size =
        Long.parseLong(session.pragma("page_count")) * Long.parseLong(session.pragma("page_size"));
    return size <= WALKED_BYTES ? walkedBytes() : Math.min(size, estimatedBytes());
  }

  /** https://sqlite.org/dbstat.html: one total for each b-tree. */
  private long walkedBytes() throws SQLException {
    List<String> trees = new ArrayList<>(List.of(table.name().name()));
    table.indexes().stream().map(Index::name).forEach(trees::add);
    long bytes = 0;
    for (String tree : trees) {
      String sum =
          session.strings(
                  "SELECT coalesce(sum(pgsize), 0) FROM dbstat"
                      + " WHERE schema = 'main' AND aggregate = TRUE AND name = ?",
                  tree)
              .get(0)[0];
      bytes += Long.parseLong(sum);
    }
    return bytes;
  }

  private long estimatedBytes() {
    long rows =
        table
            .rowEstimate()
            .orElseGet(() -> span().map(ends -> ends[1] - ends[0] + 1).orElse(1_000_000L));
    Sql value = sqls.rows().item(new Item.RowBytes());
    long[] sum = new long[2];
    for (String direction : List.of(" ASC", " DESC")) {
      session.query(
          what,
          ordered(value, direction, SEEKS),
          row -> {
            sum[0] += row.integer(0);
            sum[1]++;
            return true;
          });
    }
    long perRow = sum[1] == 0 ? 0 : sum[0] / sum[1] + 2L * table.columns().size();
    long perIndexEntry = 24;
    return Math.max(0, rows) * (perRow + perIndexEntry * table.indexes().size());
  }

  private boolean indexed(Item time) {
    return time instanceof Item.OfColumn column
        && table.indexes().stream().anyMatch(index -> index.serves(List.of(column.name())));
  }

  private String byKey(String direction) {
    if (key().isEmpty()) {
      return "";
    }
    List<String> columns =
        key().stream().map(column -> Sql.column(table, column) + direction).toList();
    return " ORDER BY " + String.join(", ", columns);
  }

  private List<String> key() {
    return table.key().map(k -> k.columns()).orElse(List.of());
  }
}
