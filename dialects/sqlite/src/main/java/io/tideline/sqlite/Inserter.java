package io.tideline.sqlite;

import io.tideline.catalogue.Table;
import io.tideline.row.Kind;
import io.tideline.row.Row;
import io.tideline.row.RowSource;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Inserts rows in small batches. Text is bound as its bytes and cast, so that bytes that are no
 * UTF-8 and NULs survive; which columns hold text may change from row to row, and the statement
 * with it.
 *
 * <p>{@code OR ABORT} stands before a constraint's own {@code ON CONFLICT REPLACE}, which would
 * delete a live row (https://sqlite.org/lang_conflict.html).
 */
final class Inserter {
  private static final int BATCH = 200;
  private static final long BATCH_BYTES = 1 << 20;

  private final Session session;
  private final Table table;
  private final List<String> columns;
  private final BitSet texts = new BitSet();
  private @Nullable PreparedStatement statement;
  private int batched;
  private long batchedBytes;

  Inserter(Session session, Table table, List<String> columns) {
    this.session = session;
    this.table = table;
    this.columns = columns;
  }

  /** The number of rows that SQLite says it inserted. */
  long insert(RowSource rows) {
    Row row = new Row(columns.size());
    long inserted = 0;
    try {
      while (rows.next(row)) {
        if (statement != null && !fits(row)) {
          inserted += flush();
          statement = null;
        }
        add(row);
        if (batched >= BATCH || batchedBytes >= BATCH_BYTES) {
          inserted += flush();
        }
      }
      return inserted + flush();
    } catch (SQLException e) {
      session.forget(text());
      throw Failures.writing(
          "Cannot insert into table " + table.name() + " of " + session.file().path(), e);
    }
  }

  /** Whether the statement's casts are those that the row needs; a null needs none. */
  private boolean fits(Row row) {
    for (int i = 0; i < row.width(); i++) {
      Kind kind = row.kind(i);
      if (kind != Kind.NULL && texts.get(i) != (kind == Kind.TEXT)) {
        return false;
      }
    }
    return true;
  }

  private void add(Row row) throws SQLException {
    PreparedStatement into = statement;
    if (into == null) {
      for (int i = 0; i < row.width(); i++) {
        texts.set(i, row.isNull(i) ? texts.get(i) : row.kind(i) == Kind.TEXT);
      }
      into = session.prepare(text());
      statement = into;
    }
    for (int i = 0; i < row.width(); i++) {
      switch (row.kind(i)) {
        case NULL -> into.setNull(i + 1, Types.NULL);
        case INTEGER -> into.setLong(i + 1, row.integer(i));
        case REAL -> into.setDouble(i + 1, row.real(i));
        case TEXT -> into.setBytes(i + 1, session.encoding().fromUtf8(row.bytes(i)));
        case BLOB -> into.setBytes(i + 1, row.bytes(i));
      }
    }
    into.addBatch();
    batched++;
    batchedBytes += row.size();
  }

  private long flush() throws SQLException {
    PreparedStatement into = statement;
    long inserted = 0;
    if (into != null && batched > 0) {
      for (int count : into.executeBatch()) {
        inserted += count;
      }
    }
    batched = 0;
    batchedBytes = 0;
    return inserted;
  }

  private String text() {
    StringBuilder into = new StringBuilder("INSERT OR ABORT INTO ").append(Sql.quote(table.name()));
    StringBuilder values = new StringBuilder();
    String separator = " (";
    for (int i = 0; i < columns.size(); i++) {
      into.append(separator).append(Sql.quote(columns.get(i)));
      values.append(i == 0 ? "" : ", ").append(texts.get(i) ? "CAST(? AS TEXT)" : "?");
      separator = ", ";
    }
    return into.append(") VALUES (").append(values).append(")").toString();
  }
}
