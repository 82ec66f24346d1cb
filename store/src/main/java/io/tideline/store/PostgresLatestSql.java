package io.tideline.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Seeks by LATERAL; skips by a recursive query. */
final class PostgresLatestSql implements LatestSql {
  private final LatestShape shape;

  PostgresLatestSql(LatestShape shape) {
    this.shape = shape;
  }

  /** An array is one parameter, however long. */
  @Override
  public int mostKeys() {
    return 10_000;
  }

  /** LATERAL reads the whole row at once. */
  @Override
  public Optional<Seek> again() {
    return Optional.empty();
  }

  @Override
  public Query of(List<?> keys, List<String> windows) {
    List<Object> values = new ArrayList<>();
    values.add(keys.stream().map(Object::toString).toArray(String[]::new));
    return query("WITH k(v) AS (" + array(shape.keyType()) + ")", ", ", values, windows, "w.v");
  }

  @Override
  public Query all(Walk walk, List<String> windows) {
    List<Object> values = new ArrayList<>();
    return switch (walk) {
      case GIVEN -> query("WITH k(v) AS (" + shape.keys() + ")", ", ", values, windows, "w.v");
      case EVERY_ROW ->
          query(
              "WITH k(v) AS (SELECT DISTINCT %s FROM %s)".formatted(shape.key(), shape.table()),
              ", ",
              values,
              windows,
              "w.v");
      case BY_KEY -> query(byKey(), ", ", values, windows, "w.v");
      case BY_WINDOW -> {
        values.add(windows.toArray(String[]::new));
        yield new Query(byWindow() + newest("k.win"), values);
      }
    };
  }

  private Query query(
      String begin, String comma, List<Object> values, List<String> windows, String name) {
    if (!shape.windowed()) {
      return new Query(begin + newest(name), values);
    }
    values.add(windows.toArray(String[]::new));
    return new Query(
        begin + comma + "w(v) AS (" + array(shape.windowType()) + ")" + newest(name), values);
  }

  /** Texts, cast one by one: so that keys of any type are bound alike. */
  private static String array(String type) {
    return "SELECT CAST(a.v AS " + type + ") FROM unnest(CAST(? AS text[])) AS a(v)";
  }

  private String byKey() {
    return """
        WITH RECURSIVE k(v) AS (
          (SELECT beg.%1$s FROM %2$s AS beg WHERE beg.%1$s IS NOT NULL ORDER BY beg.%1$s LIMIT 1)
          UNION ALL
          SELECT (SELECT skip.%1$s FROM %2$s AS skip WHERE skip.%1$s > k.v ORDER BY skip.%1$s LIMIT 1)
            FROM k WHERE k.v IS NOT NULL)"""
        .formatted(shape.key(), shape.table());
  }

  private String byWindow() {
    return """
        WITH RECURSIVE w(v) AS (%5$s), k(win, v) AS (
          SELECT w.v, (SELECT beg.%1$s FROM %2$s AS beg
              WHERE beg.%1$s IS NOT NULL%3$s ORDER BY beg.%1$s LIMIT 1) FROM w
          UNION ALL
          SELECT k.win, (SELECT skip.%1$s FROM %2$s AS skip
              WHERE skip.%1$s > k.v%4$s ORDER BY skip.%1$s LIMIT 1)
            FROM k WHERE k.v IS NOT NULL)"""
        .formatted(
            shape.key(),
            shape.table(),
            shape.inWindow("w.v"),
            shape.inWindow("k.win"),
            array(shape.windowType()));
  }

  private String newest(String window) {
    String sides = window.equals("w.v") && shape.windowed() ? "k CROSS JOIN w" : "k";
    return """

        SELECT %1$s FROM %2$s CROSS JOIN LATERAL (
          SELECT * FROM %3$s AS seek
          WHERE seek.%4$s = k.v%5$s AND seek.%6$s IS NOT NULL
          ORDER BY seek.%6$s DESC, seek.%7$s DESC LIMIT 1) AS t"""
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
