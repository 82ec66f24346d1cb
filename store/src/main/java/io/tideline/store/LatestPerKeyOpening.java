package io.tideline.store;

import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What {@link LatestPerKey} reads. Names are those of the catalogue, unquoted. Each method changes
 * this opening and returns it. Used by one thread.
 */
public final class LatestPerKeyOpening {
  private static final Logger LOG = LoggerFactory.getLogger(LatestPerKey.class);

  private final String table;
  private @Nullable String key;
  private @Nullable String time;
  private @Nullable String id;
  private @Nullable String window;
  private @Nullable String keys;
  private List<String> columns = List.of();
  private boolean evenWithoutIndex;

  LatestPerKeyOpening(String table) {
    this.table = Identifier.table(table);
  }

  /** The column of the key. */
  public LatestPerKeyOpening key(String column) {
    key = Identifier.quote(column);
    return this;
  }

  /** The column by which rows are newer, and the unique column that breaks ties. */
  public LatestPerKeyOpening newestBy(String timeColumn, String idColumn) {
    time = Identifier.quote(timeColumn);
    id = Identifier.quote(idColumn);
    return this;
  }

  /**
   * The column that says which window a row counts for. A row in which it is NULL counts for none.
   */
  public LatestPerKeyOpening window(String column) {
    window = Identifier.quote(column);
    return this;
  }

  /**
   * The SQL expression that says which window a row counts for, such as {@code CASE WHEN
   * window_minutes >= 1440 THEN 'secondary' ELSE "window" END}. It is part of the statement: never
   * make it of what a user typed. The index must hold the same expression.
   */
  public LatestPerKeyOpening windowExpression(String sql) {
    window = Objects.requireNonNull(sql);
    return this;
  }

  /** What is read of each row; every column unless set. */
  public LatestPerKeyOpening columns(String... names) {
    columns = List.of(names).stream().map(Identifier::quote).toList();
    return this;
  }

  /** Where {@link LatestPerKey#all} finds the keys; in the table itself unless set. */
  public LatestPerKeyOpening keysFrom(String keyTable, String column) {
    keys = "SELECT " + Identifier.quote(column) + " FROM " + Identifier.table(keyTable);
    return this;
  }

  /** Reads even where no index serves, at a cost that grows with history. */
  public LatestPerKeyOpening evenWithoutIndex() {
    evenWithoutIndex = true;
    return this;
  }

  /**
   * Asks the database for the plan of the read, and refuses one that is not a seek per key.
   *
   * @throws StoreException if no index serves; the message holds the one to make
   */
  public <T> LatestPerKey<T> open(Database database, RowReader<T> reader) {
    Objects.requireNonNull(reader);
    return database.read(
        session -> {
          Product product = database.product();
          LatestShape shape = shape(session, product);
          LatestSql sql = product.latest(shape);
          if (!evenWithoutIndex) {
            confirmSeeks(session, product, shape, sql);
          }
          return new LatestPerKey<>(database, shape, sql, reader, walk(session, product, shape));
        });
  }

  private LatestShape shape(Session session, Product product) throws SQLException {
    String key = said(this.key, "key");
    return new LatestShape(
        table,
        key,
        said(time, "newestBy"),
        said(id, "newestBy"),
        window,
        columns,
        keys,
        product.type(session, table, key),
        window == null ? "" : product.type(session, table, "(" + window + ")"));
  }

  private static String said(@Nullable String value, String method) {
    if (value == null) {
      throw new IllegalStateException("Nothing was said by " + method + " before open");
    }
    return value;
  }

  private static void confirmSeeks(
      Session session, Product product, LatestShape shape, LatestSql sql) throws SQLException {
    List<String> plan = sql.of(List.of(), asked(shape)).plan(session, product);
    LOG.debug("newest of each key of {}: {}", shape.table(), plan);
    if (!product.serves(session, plan, shape.seek())) {
      throw refused(shape, "", shape.index());
    }
    Optional<Seek> again = sql.again();
    if (again.isPresent() && !product.serves(session, plan, again.get())) {
      throw refused(shape, " by its id", shape.idIndex());
    }
  }

  private static StoreException refused(LatestShape shape, String by, String index) {
    return new StoreException(
        StoreException.Reason.NO_INDEX,
        "Cannot read the newest row of each key of "
            + shape.table()
            + " by seeks: no index serves"
            + by
            + ". Nothing was read. Make one: "
            + index
            + ", or say evenWithoutIndex.",
        null);
  }

  private Optional<LatestSql.Walk> walk(Session session, Product product, LatestShape shape)
      throws SQLException {
    if (shape.keys() != null) {
      return Optional.of(LatestSql.Walk.GIVEN);
    }
    if (leads(session, product, shape, false)) {
      return Optional.of(LatestSql.Walk.BY_KEY);
    }
    if (shape.windowed() && leads(session, product, shape, true)) {
      return Optional.of(LatestSql.Walk.BY_WINDOW);
    }
    return evenWithoutIndex ? Optional.of(LatestSql.Walk.EVERY_ROW) : Optional.empty();
  }

  /** Asked of one step: of a walk PostgreSQL does not tell the steps before it begins. */
  private static boolean leads(
      Session session, Product product, LatestShape shape, boolean withinWindow)
      throws SQLException {
    List<String> plan = product.plan(session, shape.step(product, withinWindow));
    LOG.debug("next key of {}: {}", shape.table(), plan);
    return product.serves(session, plan, shape.skip(withinWindow));
  }

  /** Any window: a plan does not depend on its name. */
  private static List<String> asked(LatestShape shape) {
    return shape.windowed() ? List.of("") : List.of();
  }
}
