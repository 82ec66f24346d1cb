package io.tideline.postgresql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Fills what stands in for a table without rows, so that it has pages: with values in the columns
 * of unique indexes and those whose numbers of different values are declared, with NULL in the
 * others. Only the declared ones are analyzed; for the others the planner has its own guess.
 *
 * @see <a href="https://www.postgresql.org/docs/current/planner-stats.html">what the planner
 *     knows</a>
 */
final class EmptyTable {
  /** The columns, their types, by which kind of value they are filled; empty for none. */
  private static final String COLUMNS =
      """
      SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
        CASE WHEN t.typname = 'uuid' THEN 'U' ELSE t.typcategory::pg_catalog.text END,
        EXISTS (SELECT FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c
            ON c.oid = i.indrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = ? AND c.relname = ? AND i.indisunique AND EXISTS (
            SELECT FROM pg_catalog.pg_attribute own WHERE own.attrelid = c.oid
              AND own.attname = a.attname AND own.attnum = ANY (i.indkey)))
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum""";

  private final Session session;
  private final StandInTable table;
  private final Set<String> declared;

  /**
   * @param declared the columns whose numbers of different values are declared
   */
  EmptyTable(Session session, StandInTable table, Set<String> declared) {
    this.session = session;
    this.table = table;
    this.declared = declared;
  }

  /** Fills it; indexes come after. */
  void fill() throws SQLException {
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    try (PreparedStatement asked = session.connection().prepareStatement(COLUMNS)) {
      asked.setString(1, table.name().schema());
      asked.setString(2, table.name().name());
      asked.setString(3, table.quoted());
      try (ResultSet row = asked.executeQuery()) {
        while (row.next()) {
          String name = row.getString(1);
          boolean wanted = row.getBoolean(5) || declared.contains(name);
          String value = wanted ? value(row.getString(4), row.getString(2)) : "NULL";
          names.add(Sql.quote(name));
          values.add(value);
        }
      }
    }
    String nullable =
        names.stream()
            .filter(name -> values.get(names.indexOf(name)).equals("NULL"))
            .map(name -> "ALTER COLUMN " + name + " DROP NOT NULL")
            .collect(Collectors.joining(", "));
    if (!nullable.isEmpty()) {
      StandInTables.writing(session, "ALTER TABLE " + table.quoted() + " " + nullable);
    }
    session.update(
        String.format(
            Locale.ROOT,
            "INSERT INTO %s (%s) SELECT %s FROM pg_catalog.generate_series(1, %d) AS g",
            table.quoted(),
            String.join(", ", names),
            String.join(", ", values),
            table.sampled()));
  }

  /** A different one for each row, as far as the type has so many. */
  private static String value(String category, String type) {
    return switch (category) {
      case "N" -> "g::" + type;
      case "S" -> "g::pg_catalog.text::" + type;
      case "U" -> "pg_catalog.md5(g::pg_catalog.text)::" + type;
      case "D" -> "(timestamp '2000-01-01' + g * interval '1 day')::" + type;
      case "B" -> "(g % 2 = 0)::" + type;
      default -> "NULL";
    };
  }

  /** Lets the planner know of the columns that are declared. */
  static void analyze(Session session, StandInTable table, Set<String> declared)
      throws SQLException {
    if (!declared.isEmpty()) {
      session.execute(
          declared.stream()
              .map(Sql::quote)
              .collect(Collectors.joining(", ", "ANALYZE " + table.quoted() + " (", ")")));
    }
  }
}
