package io.tideline.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Seeks by a correlated subquery; skips by a recursive one. */
final class SqliteLatestSql implements LatestSql {
  private final LatestShape shape;

  SqliteLatestSql(LatestShape shape) {
    this.shape = shape;
  }

  /** SQLite takes 32,766 parameters (https://sqlite.org/limits.html); few shapes are remembered. */
  @Override
  public int mostKeys() {
    return 512;
  }

  @Override
  public Optional<Seek> again() {
    return Optional.of(new Seek("t", shape.table(), List.of(shape.id()), shape.id(), false));
  }

  @Override
  public Query of(List<?> keys, List<String> windows) {
    List<@Nullable Object> values = new ArrayList<>(keys);
    // NULL equals nothing. Padded, so that all lists make four statements and not hundreds.
    while (!List.of(1, 8, 64, mostKeys()).contains(values.size())) {
      values.add(null);
    }
    String given = "k(v) AS (" + rows(values.size()) + ")";
    values.addAll(windows);
    return new Query("WITH " + given + windows(windows, ", ") + newest("w.v"), values);
  }

  @Override
  public Query all(Walk walk, List<String> windows) {
    String sql =
        switch (walk) {
          case GIVEN -> "WITH k(v) AS (" + shape.keys() + ")" + windows(windows, ", ");
          case EVERY_ROW ->
              "WITH k(v) AS (SELECT DISTINCT %s FROM %s)".formatted(shape.key(), shape.table())
                  + windows(windows, ", ");
          case BY_KEY ->
              """
              WITH RECURSIVE k(v) AS (
                SELECT (SELECT min(beg.%1$s) FROM %2$s AS beg)
                UNION ALL
                SELECT (SELECT min(skip.%1$s) FROM %2$s AS skip WHERE skip.%1$s > k.v)
                  FROM k WHERE k.v IS NOT NULL)"""
                      .formatted(shape.key(), shape.table())
                  + windows(windows, ", ");
          case BY_WINDOW ->
              "WITH RECURSIVE "
                  + windows(windows, "")
                  + """
                  , k(win, v) AS (
                    SELECT w.v, (SELECT min(beg.%1$s) FROM %2$s AS beg WHERE true%3$s) FROM w
                    UNION ALL
                    SELECT k.win,
                        (SELECT min(skip.%1$s) FROM %2$s AS skip WHERE skip.%1$s > k.v%4$s)
                      FROM k WHERE k.v IS NOT NULL)"""
                      .formatted(
                          shape.key(),
                          shape.table(),
                          shape.inWindow("w.v"),
                          shape.inWindow("k.win"));
        };
    return new Query(sql + newest(walk == Walk.BY_WINDOW ? "k.win" : "w.v"), windows);
  }

  private static String rows(int count) {
    return "VALUES " + String.join(", ", Collections.nCopies(count, "(?)"));
  }

  private static String windows(List<String> windows, String before) {
    return windows.isEmpty() ? "" : before + "w(v) AS (" + rows(windows.size()) + ")";
  }

  private String newest(String window) {
    String sides = window.equals("w.v") && shape.windowed() ? "k CROSS JOIN w" : "k";
    return """

        SELECT %1$s FROM %2$s CROSS JOIN %3$s AS t
        WHERE k.v IS NOT NULL AND +t.%4$s = k.v AND t.%6$s IS NOT NULL AND t.%7$s = (
          SELECT seek.%7$s FROM %3$s AS seek WHERE seek.%4$s = k.v%5$s
          ORDER BY seek.%6$s DESC, seek.%7$s DESC LIMIT 1)"""
        .formatted(
            shape.selected(window),
            sides,
            shape.table(),
            shape.key(),
            shape.inWindow(window),
            shape.time(),
            shape.id());
  }
}
