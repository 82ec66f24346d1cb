package io.tideline.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last rows of one key, newest first, ties by id: so many, or since a time, page by page. Work
 * grows with what is returned. Rows without a time are left out. Safe for any number of threads.
 */
public final class RecentByKey<T> {
  private static final int STREAMED = 500;

  private final Database database;
  private final RecentShape shape;
  private final RowReader<T> reader;

  RecentByKey(Database database, RecentShape shape, RowReader<T> reader) {
    this.database = database;
    this.shape = shape;
    this.reader = reader;
  }

  /** Begins to say what is read of which table. */
  public static RecentByKeyOpening from(String table) {
    return new RecentByKeyOpening(table);
  }

  /** The last rows of a key, at most so many (1 to 100,000). */
  public List<T> last(Object key, int limit) {
    return page(key, null, limit, null).rows();
  }

  /** The rows of a key from a time on, inclusive, at most so many (1 to 100,000). */
  public List<T> since(Object key, Object time, int limit) {
    return page(key, time, limit, null).rows();
  }

  /**
   * A page. Rows that stay appear on exactly one page, whatever comes and goes meanwhile.
   *
   * @param since the oldest time shown, inclusive, as the column stores it; null for all
   * @param limit the most rows, 1 to 100,000
   * @param after where the page before ended; null for the first
   */
  public Page<T> page(Object key, @Nullable Object since, int limit, @Nullable Cursor after) {
    Objects.requireNonNull(key);
    Checks.within("limit", limit, 1, 100_000);
    List<@Nullable Object> values = new ArrayList<>();
    values.add(key);
    if (since != null) {
      values.add(since);
    }
    if (after != null) {
      values.add(after.time());
      values.add(after.id());
    }
    values.add(limit + 1L);
    String sql = shape.sql(database.product()::bound, since != null, after != null);
    return Page.of(
        database.read(
            session ->
                session.query(
                    sql,
                    row ->
                        new Page.Placed<>(
                            reader.read(row),
                            new Cursor(
                                row.getObject("tideline_time"), row.getObject("tideline_id"))),
                    values.toArray())),
        limit);
  }

  /**
   * Every row of a key from a time on, newest first, read page by page as the stream is consumed:
   * no snapshot is held meanwhile.
   *
   * @param since the oldest time shown, inclusive; null for all
   */
  public Stream<T> stream(Object key, @Nullable Object since) {
    return Page.stream(after -> page(key, since, STREAMED, after));
  }

  List<String> plan(Session session) throws SQLException {
    return shape.plan(session, database.product());
  }
}
