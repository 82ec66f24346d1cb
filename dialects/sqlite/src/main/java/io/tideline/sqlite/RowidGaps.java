package io.tideline.sqlite;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * About how many rows a table has, by the gaps between some of its rowids: of stretches that double
 * in length from both ends, so that neither a crowd at one end nor a key far away from it misleads.
 * At a place that was chosen at random, one divided by the gap around it is on average the number
 * of rows for each number. Ends and gaps are found by seeks.
 */
final class RowidGaps {
  /** The first stretch of each end. */
  private static final long FIRST = 64;

  private static final int SEEKS = 2;

  private static final String ENDS =
      """
      SELECT (SELECT min(%1$s) FROM %2$s), (SELECT max(%1$s) FROM %2$s)""";

  private static final String GAPS =
      """
      SELECT (SELECT %1$s FROM %2$s AS tideline_r WHERE %1$s >= tideline_p.value
          ORDER BY %1$s LIMIT 1),
        (SELECT %1$s FROM %2$s AS tideline_r WHERE %1$s < tideline_p.value
          ORDER BY %1$s DESC LIMIT 1)
      FROM json_each(?) AS tideline_p""";

  private final Session session;
  private final String rowid;
  private final String table;
  private final Random random = new Random(FIRST);
  private final List<Long> places = new ArrayList<>();
  private final List<Double> lengths = new ArrayList<>();

  private RowidGaps(Session session, String rowid, String table) {
    this.session = session;
    this.rowid = rowid;
    this.table = table;
  }

  /**
   * The rows.
   *
   * @param columns its columns, which may stand before the rowid
   * @param table its name, quoted
   * @return empty if its rowid has no name
   */
  static OptionalLong rows(Session session, List<String> columns, String table)
      throws SQLException {
    List<String> taken = columns.stream().map(Names::fold).toList();
    List<String> names =
        Stream.of("rowid", "_rowid_", "oid").filter(name -> !taken.contains(name)).toList();
    return names.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(new RowidGaps(session, names.get(0), table).rows());
  }

  private long rows() throws SQLException {
    String[] ends = session.strings(ENDS.formatted(rowid, table)).get(0);
    if (ends[0] == null) {
      return 0;
    }
    long least = Long.parseLong(ends[0]);
    long most = Long.parseLong(ends[1]);
    long half = (most - least) >>> 1; // the difference is a number without a sign
    stretches(least + 1, 1, half);
    stretches(most, -1, most - least - half);
    return 1 + counted();
  }

  private void stretches(long first, int direction, long length) {
    long from = 0;
    for (long width = FIRST; from < length; width = 2 * Math.max(FIRST, from)) {
      long to = length - from <= width ? length : from + width;
      for (int i = 0; i < SEEKS; i++) {
        places.add(first + direction * random.nextLong(from, to));
        lengths.add((double) (to - from) / SEEKS);
      }
      from = to;
    }
  }

  private long counted() throws SQLException {
    String all = places.stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
    double rows = 0;
    int at = 0;
    for (String[] gap : session.strings(GAPS.formatted(rowid, table), all)) {
      if (gap[0] != null && gap[1] != null) { // else it went since
        long length = Long.parseLong(gap[0]) - Long.parseLong(gap[1]);
        rows += lengths.get(at) / (length > 0 ? length : length + 0x1p64);
      }
      at++;
    }
    return Math.round(rows);
  }
}
