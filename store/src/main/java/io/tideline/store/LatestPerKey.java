package io.tideline.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The newest row of each key, or of each key and window, in one round trip. Work grows with the
 * keys that are asked for, not with history: a key that was idle for years costs what a busy one
 * costs. Newest is by the time column as the database orders it, ties by id; rows without a time
 * and rows without a key are never newest. Safe for any number of threads.
 */
public final class LatestPerKey<T> {
  private final Database database;
  private final LatestShape shape;
  private final LatestSql sql;
  private final RowReader<T> reader;
  private final Optional<LatestSql.Walk> walk;

  LatestPerKey(
      Database database,
      LatestShape shape,
      LatestSql sql,
      RowReader<T> reader,
      Optional<LatestSql.Walk> walk) {
    this.database = database;
    this.shape = shape;
    this.sql = sql;
    this.reader = reader;
    this.walk = walk;
  }

  /** Begins to say what is read of which table. */
  public static LatestPerKeyOpening from(String table) {
    return new LatestPerKeyOpening(table);
  }

  /**
   * The newest rows of these keys. Keys without rows are left out; a key given twice counts once.
   * Long lists take a round trip for every few hundred keys.
   *
   * @param windows each window asked for, if rows have one; none otherwise
   */
  public List<Latest<T>> of(Collection<?> keys, String... windows) {
    return database.read(session -> rowsOf(session, keys, windows));
  }

  List<Latest<T>> rowsOf(Session session, Collection<?> keys, String... windows)
      throws SQLException {
    List<String> asked = asked(windows);
    List<?> each = new ArrayList<>(new LinkedHashSet<>(keys));
    each.forEach(Objects::requireNonNull);
    List<Latest<T>> rows = new ArrayList<>();
    for (int from = 0; from < each.size(); from += sql.mostKeys()) {
      int to = Math.min(each.size(), from + sql.mostKeys());
      rows.addAll(sql.of(each.subList(from, to), asked).rows(session, this::latest));
    }
    return rows;
  }

  /**
   * The newest row of every key that there is.
   *
   * @param windows each window asked for, if rows have one; none otherwise
   * @throws StoreException if no index leads from key to key
   */
  public List<Latest<T>> all(String... windows) {
    return database.read(session -> rowsOfAll(session, windows));
  }

  List<Latest<T>> rowsOfAll(Session session, String... windows) throws SQLException {
    List<String> asked = asked(windows);
    LatestSql.Walk way =
        walk.orElseThrow(
            () ->
                new StoreException(
                    StoreException.Reason.NO_INDEX,
                    "Cannot find every key of "
                        + shape.table()
                        + ": no index leads from one key to the next. Nothing was read. Make one: "
                        + shape.index()
                        + ", or name a table of keys by keysFrom.",
                    null));
    return sql.all(way, asked).rows(session, this::latest);
  }

  List<String> plan(Session session) throws SQLException {
    List<String> windows = shape.windowed() ? List.of("") : List.of();
    return sql.of(List.of(), windows).plan(session, database.product());
  }

  private List<String> asked(String... windows) {
    List<String> asked = List.of(windows);
    if (shape.windowed() == asked.isEmpty()) {
      throw new IllegalArgumentException(
          shape.windowed()
              ? "Rows are told apart by a window: name those that you ask for"
              : "No window is defined: ask for none, or define one by window");
    }
    return asked.stream().distinct().toList();
  }

  private Latest<T> latest(ResultSet row) throws SQLException {
    Object key = row.getObject("tideline_key");
    return new Latest<>(
        key instanceof Integer number ? (Object) number.longValue() : key,
        shape.windowed() ? row.getString("tideline_window") : null,
        reader.read(row));
  }
}
