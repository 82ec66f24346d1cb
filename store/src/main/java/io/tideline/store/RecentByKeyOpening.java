package io.tideline.store;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link RecentByKey} reads. Names are those of the catalogue, unquoted. Each method changes
 * this opening and returns it. Used by one thread.
 */
public final class RecentByKeyOpening {
  private static final Logger LOG = LoggerFactory.getLogger(RecentByKey.class);

  private final String table;
  private @Nullable String key;
  private @Nullable String time;
  private @Nullable String id;
  private List<String> columns = List.of();
  private boolean evenWithoutIndex;

  RecentByKeyOpening(String table) {
    this.table = Identifier.table(table);
  }

  /** The column of the key. */
  public RecentByKeyOpening key(String column) {
    key = Identifier.quote(column);
    return this;
  }

  /** The column by which rows are newer, and the unique column that breaks ties. */
  public RecentByKeyOpening newestBy(String timeColumn, String idColumn) {
    time = Identifier.quote(timeColumn);
    id = Identifier.quote(idColumn);
    return this;
  }

  /** What is read of each row; every column unless set. */
  public RecentByKeyOpening columns(String... names) {
    columns = List.of(names).stream().map(Identifier::quote).toList();
    return this;
  }

  /** Reads even where no index serves, at a cost that grows with history. */
  public RecentByKeyOpening evenWithoutIndex() {
    evenWithoutIndex = true;
    return this;
  }

  /**
   * Asks the database for the plan of the read, and refuses one that does not seek.
   *
   * @throws StoreException if no index serves; the message holds the one to make
   */
  public <T> RecentByKey<T> open(Database database, RowReader<T> reader) {
    Objects.requireNonNull(reader);
    return database.read(
        session -> {
          Product product = database.product();
          String key = said(this.key, "key");
          String time = said(this.time, "newestBy");
          String id = said(this.id, "newestBy");
          RecentShape shape =
              new RecentShape(
                  table,
                  key,
                  time,
                  id,
                  columns,
                  product.type(session, table, key),
                  product.type(session, table, time),
                  product.type(session, table, id),
                  product.exact("seek." + time),
                  product.exact("seek." + id));
          List<String> plan = shape.plan(session, product);
          LOG.debug("recent rows of {}: {}", table, plan);
          if (!evenWithoutIndex && !product.serves(session, plan, shape.seek())) {
            throw refused(shape);
          }
          return new RecentByKey<>(database, shape, reader);
        });
  }

  private StoreException refused(RecentShape shape) {
    return new StoreException(
        StoreException.Reason.NO_INDEX,
        "Cannot read the last rows of a key of "
            + table
            + " by a seek: no index serves. Nothing was read. Make one: "
            + shape.index()
            + ", or say evenWithoutIndex.",
        null);
  }

  private static String said(@Nullable String value, String method) {
    if (value == null) {
      throw new IllegalStateException("Nothing was said by " + method + " before open");
    }
    return value;
  }
}
