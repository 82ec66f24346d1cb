package io.tideline.postgresql;

import io.tideline.catalogue.Column;
import io.tideline.catalogue.Index;
import io.tideline.catalogue.TableName;
import io.tideline.catalogue.Trigger;
import io.tideline.error.ErrorCode;
import io.tideline.error.TidelineException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes the table that moved rows live in, or follows its source's columns. */
final class ArchiveTable {
  /** The column that holds when a row was moved. */
  static final String ARCHIVED_AT = "archived_at";

  /** https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS. */
  private static final int LONGEST_NAME = 63;

  private static final String INSTANT = "timestamp with time zone";
  private static final Pattern VARYING = Pattern.compile("character varying\\((\\d+)\\)");
  private static final String CHECKS =
      """
      SELECT pg_catalog.min(conname::pg_catalog.text) FROM pg_catalog.pg_constraint
      WHERE conrelid = %s AND contype IN ('c', 'x')""";

  private final Session session;
  private final TableShape source;
  private final TableName target;

  ArchiveTable(Session session, TableShape source, TableName target) {
    this.session = session;
    this.source = source;
    this.target = target;
  }

  /** Does what is missing, inside the present transaction; tells what it did. */
  List<String> align() throws SQLException {
    if (source.table().column(ARCHIVED_AT).isPresent()) {
      throw unsuitable(
          "the table " + source.name() + " has a column " + ARCHIVED_AT + " of its own",
          "Use action: archive for this table, or rename the column.");
    }
    if (target.name().getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw unsuitable(
          "its name is longer than " + LONGEST_NAME + " bytes, and PostgreSQL would cut it",
          "Give the policy an archive_table with a shorter name.");
    }
    if (target.equals(source.name())) {
      throw unsuitable("it is the source itself", "Name another archive_table.");
    }
    Optional<TableShape> present =
        CatalogueReader.read(session).stream().filter(t -> t.name().equals(target)).findFirst();
    return present.isPresent() ? follow(present.get()) : create();
  }

  private List<ColumnShape> columns() {
    return source.table().archivedColumns().stream().map(c -> source.column(c.name())).toList();
  }

  private List<String> create() throws SQLException {
    String columns = Sql.list(columns(), column -> Sql.quote(column.name()) + " " + column.plain());
    session.execute(
        "CREATE TABLE "
            + Sql.quote(target)
            + " ("
            + columns
            + ", "
            + Sql.quote(ARCHIVED_AT)
            + " "
            + INSTANT
            + ")");
    return List.of("Made the table " + target + ".");
  }

  private List<String> follow(TableShape present) throws SQLException {
    refuseObstacles(present);
    List<String> done = new ArrayList<>();
    for (ColumnShape column : columns()) {
      change(present, column.name(), column.plain(), done);
    }
    change(present, ARCHIVED_AT, INSTANT, done);
    return done;
  }

  private void change(TableShape present, String name, String type, List<String> done)
      throws SQLException {
    Optional<Column> column = present.table().column(name);
    String alter = "ALTER TABLE " + Sql.quote(target);
    if (column.isEmpty()) {
      session.execute(alter + " ADD COLUMN " + Sql.quote(name) + " " + type);
      done.add("Added the column " + name + " to the table " + target + ".");
      return;
    }
    String found = column.get().declaredType();
    if (found.equals(type) || (width(type) >= 0 && width(found) >= width(type))) {
      return;
    }
    if (width(type) < 0 || width(found) < 0) {
      throw unsuitable(
          "its column " + name + " is of type " + found + ", not " + type,
          "Change the column's type, or name another archive_table.");
    }
    session.execute(alter + " ALTER COLUMN " + Sql.quote(name) + " TYPE " + type);
    done.add("Widened the column " + name + " of the table " + target + " to " + type + ".");
  }

  /** How much text a type without blanks of its own holds; negative for others. */
  private static long width(String type) {
    if (type.equals("text") || type.equals("character varying")) {
      return Long.MAX_VALUE;
    }
    Matcher varying = VARYING.matcher(type);
    return varying.matches() ? Long.parseLong(varying.group(1)) : -1;
  }

  private void refuseObstacles(TableShape present) throws SQLException {
    present.table().obstacles().stream()
        .filter(obstacle -> !obstacle.what().equals(Obstacles.NO_KEY))
        .filter(obstacle -> !obstacle.what().contains(Obstacles.RIGHT))
        .findFirst()
        .ifPresent(
            obstacle -> {
              throw unsuitable(obstacle.what(), obstacle.mend());
            });
    for (Column column : present.table().columns()) {
      if (!column.nullable() || column.origin() != Column.Origin.STORED) {
        throw unsuitable(
            "its column " + column.name() + " is NOT NULL, generated or an identity",
            "Make it a plain nullable column, or name another archive_table.");
      }
    }
    for (Index index : present.table().indexes()) {
      if (index.unique()) {
        throw unsuitable(
            "the index " + index.name() + " is unique", "Drop it, or name another archive_table.");
      }
    }
    String check = session.text(CHECKS.formatted(present.oid()));
    if (!check.isEmpty() || !present.table().references().isEmpty()) {
      throw unsuitable("it has constraints", "Drop them, or name another archive_table.");
    }
    if (present.rewritten() || present.table().triggers().stream().anyMatch(Trigger::onInsert)) {
      throw unsuitable(
          "it has triggers or rules on INSERT", "Drop them, or name another archive_table.");
    }
  }

  private TidelineException unsuitable(String why, String mend) {
    return new TidelineException(
        ErrorCode.ARCHIVE_TABLE_UNSUITABLE,
        "Cannot use " + target + " as the archive table of " + source.name() + ": " + why + ".",
        "Nothing was changed.",
        mend);
  }
}
