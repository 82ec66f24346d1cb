package io.tideline.store;

import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Inserts rows into a table, and proves that each was inserted.
 *
 * @param <T> a row
 */
public final class BatchInsert<T> implements BatchWork<T> {
  private final String sql;
  private final Binder<T> binder;
  private final boolean keyed;

  private BatchInsert(String sql, Binder<T> binder, boolean keyed) {
    this.sql = sql;
    this.binder = binder;
    this.keyed = keyed;
  }

  /**
   * Inserts into these columns. Names are those of the catalogue, unquoted.
   *
   * @param binder sets a parameter for each column, in this order
   */
  public static <T> BatchInsert<T> into(String table, List<String> columns, Binder<T> binder) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("No columns to insert into");
    }
    String names = String.join(", ", columns.stream().map(Identifier::quote).toList());
    String values = String.join(", ", Collections.nCopies(columns.size(), "?"));
    return new BatchInsert<>(
        "INSERT INTO " + Identifier.table(table) + " (" + names + ") VALUES (" + values + ")",
        Objects.requireNonNull(binder),
        false);
  }

  /**
   * The same, but a row whose key is there already is left as it is: to write it again does no
   * harm.
   *
   * @param key the columns of a primary key or unique index
   */
  public BatchInsert<T> once(String... key) {
    String columns = String.join(", ", List.of(key).stream().map(Identifier::quote).toList());
    return new BatchInsert<>(sql + " ON CONFLICT (" + columns + ") DO NOTHING", binder, true);
  }

  @Override
  public void write(Session session, List<T> rows) throws SQLException {
    int[] counts = session.batch(sql, rows, binder);
    for (int count : counts) {
      boolean wrote = count == 1 || count == Statement.SUCCESS_NO_INFO || (keyed && count == 0);
      if (!wrote) {
        throw new SQLException("A row was not inserted as one row, but as " + count);
      }
    }
  }
}
