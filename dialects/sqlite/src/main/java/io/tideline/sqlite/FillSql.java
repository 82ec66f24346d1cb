package io.tideline.sqlite;

import io.tideline.catalogue.Index;
import io.tideline.catalogue.Key;
import io.tideline.catalogue.Table;
import io.tideline.catalogue.TableName;
import io.tideline.dialect.BackfillTarget;
import io.tideline.dialect.BackfillTarget.Link;
import io.tideline.dialect.Range;
import io.tideline.policy.Predicate;
import io.tideline.row.Row;
import io.tideline.tuning.Backfill;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The statements of a backfill. The names of our own begin with {@code tideline_}. */
final class FillSql {
  static final String WAS = "tideline_was";
  static final String NOW = "tideline_now";
  static final String BATCH = "tideline_batch";
  static final String ID = "tideline_id";
  private static final String PARENT = "\"tideline_parent\"";

  private final BackfillTarget target;
  private final Table table;
  private final Encoding encoding;

  FillSql(BackfillTarget target, Encoding encoding) {
    this.target = target;
    this.encoding = encoding;
    this.table = keyed(target);
  }

  /**
   * The table with the key that names its rows. VACUUM gives hidden rowids anew, so that a log must
   * go by columns; a walk that loses its way is mended by the next.
   */
  private static Table keyed(BackfillTarget target) {
    Table table = target.table();
    if (!target.logged() || table.key().filter(Key::hidden).isEmpty()) {
      return table;
    }
    return table.indexes().stream()
        .filter(index -> index.unique() && !index.partial())
        .map(Index::columns)
        .filter(columns -> columns.stream().allMatch(each -> sure(table, each)))
        .findFirst()
        .map(columns -> table.withKey(new Key(columns, Key.Kind.UNIQUE)))
        .orElse(table);
  }

  private static boolean sure(Table table, String column) {
    return table.column(column).filter(each -> !each.nullable()).isPresent();
  }

  /** The table, with the key by which the backfill goes. */
  Table table() {
    return table;
  }

  List<String> key() {
    return table.key().orElseThrow().columns();
  }

  Sql sql() {
    return new Sql(encoding);
  }

  /** The table and its schema. */
  String from() {
    return Sql.quote(table.name());
  }

  String column() {
    return Sql.column(table, target.column());
  }

  String log() {
    return Sql.quote(new TableName(table.name().schema(), target.made()));
  }

  /** A column of a row of the log. */
  private String ofLog(String name) {
    return Sql.quote(target.made()) + "." + Sql.quote(name);
  }

  static String logKey(int i) {
    return "tideline_k" + i;
  }

  String logKeys() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < key().size(); i++) {
      names.add(Sql.quote(logKey(i)));
    }
    return String.join(", ", names);
  }

  String keys() {
    return key().stream().map(each -> Sql.column(table, each)).collect(Collectors.joining(", "));
  }

  /** That a row of the table is that of the log. */
  String sameKey() {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < key().size(); i++) {
      parts.add(Sql.column(table, key().get(i)) + " = " + ofLog(logKey(i)));
    }
    return String.join(" AND ", parts);
  }

  /** That a value is of the same storage class and the same, whatever affinity or collation say. */
  static String same(String left, String right) {
    return "(typeof(%1$s) = typeof(%2$s) AND +%1$s IS +%2$s COLLATE BINARY)".formatted(left, right);
  }

  /** That the row holds what was written. */
  String holdsNow() {
    return same(column(), ofLog(NOW));
  }

  /** That the row holds what it held before. */
  String holdsWas() {
    return same(column(), ofLog(WAS));
  }

  String wasIsNow() {
    return same(ofLog(WAS), ofLog(NOW));
  }

  /** Which rows are meant; never NULL's business: it is tested by WHERE. */
  Sql condition() {
    Optional<Predicate> where = target.backfill().where();
    Sql sql = sql();
    if (where.isEmpty()) {
      return sql.add(column() + " IS NULL");
    }
    UserSql.append(where.get().sql(), sql, null);
    return sql;
  }

  /** What the column becomes. */
  Sql value() {
    return value(Sql.quote(table.name().name()));
  }

  /**
   * What the column becomes.
   *
   * @param row what the row is called
   */
  Sql value(String row) {
    if (target.link().isPresent()) {
      return sql().add(copied(target.link().get(), row));
    }
    Sql sql = sql();
    UserSql.append(((Backfill.Value) target.backfill().source()).sql().sql(), sql, null);
    return sql;
  }

  /** The parent's column stands on the left, whose collation the comparison takes, as its key's. */
  private static String copied(Link link, String row) {
    List<String> same = new ArrayList<>();
    for (int i = 0; i < link.columns().size(); i++) {
      same.add(
          PARENT
              + "."
              + Sql.quote(link.parentColumns().get(i))
              + " = "
              + row
              + "."
              + Sql.quote(link.columns().get(i)));
    }
    return "(SELECT %s.%s FROM %s AS %s WHERE %s)"
        .formatted(
            PARENT,
            Sql.quote(link.column()),
            Sql.quote(link.parent().name()),
            PARENT,
            String.join(" AND ", same));
  }

  /** Of rows that meet the condition, those that would change; too many rather than too few. */
  Sql changes() {
    if (!target.logged()) {
      return value().add(" IS NOT NULL");
    }
    Sql value = value();
    return sql()
        .add("NOT (typeof(")
        .add(value)
        .add(") = typeof(" + column() + ") AND (")
        .add(value)
        .add(") IS " + column() + " COLLATE BINARY)");
  }

  /** What stands after WHERE for the rows between two places, which begins the condition. */
  Sql within(Optional<Row> after, Optional<Row> through) {
    Sql where = new ScanSql(table, encoding).where(List.of(), new Range(key(), after, through));
    return after.isEmpty() && through.isEmpty() ? where.add(" WHERE 1") : where;
  }

  /** What stands after WHERE for the rows of the log of one batch, between two places. */
  Sql ofBatch(Optional<Row> after, Optional<Row> through, long batch) {
    Sql where = sql().add(" WHERE ");
    after.ifPresent(row -> bound(where, ">", row));
    through.ifPresent(row -> bound(where, "<=", row));
    return where.add(BATCH + " = ").value(batch);
  }

  private void bound(Sql where, String sign, Row row) {
    where.add("(" + logKeys() + ") " + sign + " (");
    for (int i = 0; i < key().size(); i++) {
      where.add(i == 0 ? "" : ", ").value(row, i);
    }
    where.add(") AND ");
  }

  /** The trigger that fills rows as they are inserted. */
  String trigger() {
    List<String> same = new ArrayList<>();
    for (String each : target.table().key().orElseThrow().columns()) {
      same.add(Sql.quote(each) + " = NEW." + Sql.quote(each));
    }
    String plain = Sql.quote(table.name().name());
    String name = Sql.quote(target.column());
    return """
    CREATE TRIGGER %s AFTER INSERT ON %s WHEN NEW.%s IS NULL
    BEGIN UPDATE %s SET %s = %s WHERE %s AND %s IS NULL; END"""
        .formatted(
            Sql.quote(target.made()),
            plain,
            name,
            plain,
            name,
            value("NEW").text(),
            String.join(" AND ", same),
            name);
  }

  /** The table that keeps the old values. */
  String logTable() {
    return "CREATE TABLE %s (%s INTEGER PRIMARY KEY, %s, %s, %s, %s INTEGER, UNIQUE (%s))"
        .formatted(log(), ID, logKeys(), WAS, NOW, BATCH, logKeys());
  }
}
