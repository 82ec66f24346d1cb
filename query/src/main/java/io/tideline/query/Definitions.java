package io.tideline.query;

import io.tideline.archive.ArchiveView;
import io.tideline.archive.ArchiveView.Segment;
import io.tideline.row.RowRanges;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Creates the views, and beside them a schema of what they need. */
final class Definitions {
  /** The schema of our own tables and macros, outside the search path. */
  static final String SCHEMA = "_tideline";

  /** The text of a real from the parts of its bits: the highest 12, and the other 52. */
  private static final String REAL_OF =
      """
      CREATE MACRO _tideline.real_of(head, fraction) AS (
        CASE
          WHEN head % 2048 = 2047 AND fraction <> 0 THEN 'NaN'
          WHEN head % 2048 = 2047 THEN CASE WHEN head >= 2048 THEN '-inf' ELSE 'inf' END
          ELSE CAST(
            (CASE WHEN head >= 2048 THEN -1.0::DOUBLE ELSE 1.0::DOUBLE END)
            * (fraction + CASE WHEN head % 2048 = 0 THEN 0 ELSE 4503599627370496 END)::DOUBLE
            * pow(2.0::DOUBLE, greatest(head % 2048, 1) - 1075) AS VARCHAR)
          END)""";

  /** The text of a real from the 16 hexadecimal digits of its bits. */
  private static final String REAL_TEXT =
      """
      CREATE MACRO _tideline.real_text(hex) AS
        _tideline.real_of(
          CAST('0x' || substr(hex, 1, 3) AS BIGINT), CAST('0x' || substr(hex, 4) AS BIGINT))""";

  /** The text of an exact value: {@code pointer} is the JSON pointer of its column. */
  private static final String EXACT_TEXT =
      """
      CREATE MACRO _tideline.exact_text(exact, pointer) AS
        COALESCE(
          json_extract_string(exact, pointer || '/integer'),
          json_extract_string(exact, pointer || '/text'),
          json_extract_string(exact, pointer || '/text-hex'),
          json_extract_string(exact, pointer || '/blob'),
          _tideline.real_text(json_extract_string(exact, pointer || '/real')))""";

  private Definitions() {}

  static void create(Connection connection, List<ArchiveView> views) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA " + SCHEMA);
      statement.execute(REAL_OF);
      statement.execute(REAL_TEXT);
      statement.execute(EXACT_TEXT);
      try (Marks marks = new Marks(connection)) {
        int first = 0;
        Set<String> taken = new HashSet<>();
        for (ArchiveView view : views) {
          mark(marks, view, first);
          create(statement, view, first, taken);
          first += view.segments().size();
        }
      }
    }
  }

  private static void mark(Marks marks, ArchiveView view, int first) throws SQLException {
    for (int i = 0; i < view.segments().size(); i++) {
      Segment segment = view.segments().get(i);
      marks.add(Marks.HIDDEN, first + i, segment.hidden());
      for (Map.Entry<String, RowRanges> outcome : segment.outcomes().entrySet()) {
        marks.add(outcome.getKey(), first + i, outcome.getValue());
      }
    }
  }

  /** A table without a segment has no columns, so it stays unknown. */
  private static void create(Statement statement, ArchiveView view, int first, Set<String> taken)
      throws SQLException {
    if (view.segments().isEmpty()) {
      return;
    }
    List<String> names = new ArrayList<>(ViewNames.of(view));
    if (names.size() > 1) {
      String schema = view.table().substring(0, view.table().indexOf('.'));
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + Sql.quote(schema));
    }
    String select = ViewSql.of(view, first);
    for (String name : names) {
      // DuckDB ignores case: the first of two such tables is the one that is seen.
      if (taken.add(name.toLowerCase(Locale.ROOT))) {
        statement.execute("CREATE VIEW " + name + " AS " + select);
      }
    }
  }
}
