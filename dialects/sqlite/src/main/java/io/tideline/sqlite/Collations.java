package io.tideline.sqlite;

import io.tideline.catalogue.TableName;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sqlite.SQLiteErrorCode;

/**
 * The collations by which the columns of a table compare when a statement names none. No pragma
 * tells them, but a comparison does.
 *
 * @see <a href="https://sqlite.org/datatype3.html#collating_sequences">Collating sequences</a>
 */
final class Collations {
  private static final String BINARY = "BINARY";

  /** The column's collation stays with the first part of a compound SELECT. */
  private static final String PROBE =
      """
      SELECT x = 'a', x = 'A ' FROM (SELECT %s AS x FROM %s WHERE 0 UNION ALL SELECT 'A')""";

  private final Session session;
  private final TableName table;
  private final boolean plain;
  private final Map<String, String> known = new HashMap<>();

  Collations(Session session, TableName table, String definition) {
    this.session = session;
    this.table = table;
    plain = !definition.toLowerCase(Locale.ROOT).contains("collate");
  }

  /** Whether a column compares by that collation; never for one that this program does not have. */
  boolean same(String column, String collation) throws SQLException {
    return of(column).equalsIgnoreCase(collation);
  }

  /** The collation by which a column compares; empty for one that this program does not have. */
  String of(String column) throws SQLException {
    String own = plain ? BINARY : known.get(column);
    if (own == null) {
      own = ask(column);
      known.put(column, own);
    }
    return own;
  }

  private String ask(String column) throws SQLException {
    try {
      List<String[]> rows = session.strings(PROBE.formatted(Sql.quote(column), Sql.quote(table)));
      boolean noCase = rows.get(0)[0].equals("1");
      boolean trimmed = rows.get(0)[1].equals("1");
      return noCase ? "NOCASE" : trimmed ? "RTRIM" : BINARY;
    } catch (SQLException e) {
      if (Failures.primary(e) == SQLiteErrorCode.SQLITE_ERROR) {
        return "";
      }
      throw e;
    }
  }
}
