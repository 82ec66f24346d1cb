package io.tideline.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Whether PostgreSQL reads by seeks. */
final class PostgresPlans {
  /** The columns of each index that is whole, in order, as the server writes them. */
  private static final String INDEXES =
      """
      SELECT array_to_string(ARRAY(
          SELECT pg_get_indexdef(i.indexrelid, k, false) FROM generate_series(1, i.indnkeyatts) AS k),
        chr(1))
      FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
        JOIN pg_am AS a ON a.oid = c.relam
      WHERE i.indrelid = to_regclass(?) AND i.indisvalid AND i.indpred IS NULL
        AND a.amname = 'btree'""";

  private PostgresPlans() {}

  /**
   * An index scan with a condition and no filter takes all that was asked; an incremental sort
   * sorts rows of one and the same instant
   * (https://www.postgresql.org/docs/current/using-explain.html).
   */
  static boolean seeks(List<String> plan, String alias) {
    boolean sorts = plan.stream().anyMatch(line -> line.matches("\\s*(-> +)?Sort\\s*"));
    List<List<String>> scans = scans(plan, alias);
    return !sorts
        && !scans.isEmpty()
        && scans.stream()
            .allMatch(
                scan ->
                    scan.get(0).matches(".*\\bIndex (Only )?Scan .*")
                        && scan.stream().anyMatch(line -> line.contains("Index Cond:"))
                        && scan.stream().noneMatch(line -> line.contains(" Filter:")));
  }

  /** Each scan of the alias, and of its partitions: its line and those that tell about it. */
  private static List<List<String>> scans(List<String> plan, String alias) {
    List<List<String>> scans = new ArrayList<>();
    for (int i = 0; i < plan.size(); i++) {
      if (plan.get(i).matches(".*Scan\\b.* on .*\\b" + alias + "(_\\d+)?\\s*")) {
        int end = i + 1;
        while (end < plan.size() && !plan.get(end).contains("->")) {
          end++;
        }
        scans.add(plan.subList(i, end));
      }
    }
    return scans;
  }

  /**
   * While a table is small every index costs the same, and the plan may take another: then it is
   * enough that one is there that serves.
   */
  static boolean hasIndex(Session session, Seek seek) throws SQLException {
    List<String> equal = seek.equal().stream().map(PostgresPlans::bare).sorted().toList();
    return session.query(INDEXES, row -> row.getString(1), seek.table()).stream()
        .map(columns -> Stream.of(columns.split("\u0001")).map(PostgresPlans::bare).toList())
        .anyMatch(
            columns ->
                columns.size() > equal.size()
                    && columns.subList(0, equal.size()).stream().sorted().toList().equals(equal)
                    && columns.get(equal.size()).equals(bare(seek.order())));
  }

  /** Without what the server adds to an expression: brackets, casts, spaces, capitals. */
  private static String bare(String expression) {
    return expression
        .replaceAll("::(\"[^\"]*\"|[a-z_]+( varying| precision)?)(\\[\\])?", "")
        .replaceAll("[\\s()\"]", "")
        .toLowerCase(Locale.ROOT);
  }
}
