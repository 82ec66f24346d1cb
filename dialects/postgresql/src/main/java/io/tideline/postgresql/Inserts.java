package io.tideline.postgresql;

import io.tideline.row.Row;
import io.tideline.row.RowSource;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.postgresql.copy.CopyIn;

/**
 * Inserts rows by {@code COPY … FROM STDIN}, which takes values for identity columns as they are.
 * It passes rules by, so that tables with rules get ordinary INSERTs.
 */
final class Inserts {
  private static final int FLUSH = 64 << 10;
  private static final int BATCH = 500;
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private final List<ColumnShape> columns;
  private byte[] buffer = new byte[FLUSH * 2];
  private int length;

  private Inserts(List<ColumnShape> columns) {
    this.columns = columns;
  }

  /** Inserts every row; returns how many the server took. */
  static long insert(Session session, TableShape table, List<String> names, RowSource rows)
      throws SQLException {
    List<ColumnShape> columns = names.stream().map(table::column).toList();
    String target = target(table, names);
    Inserts inserts = new Inserts(columns);
    return table.rewritten()
        ? inserts.byStatements(session, target, rows)
        : inserts.byCopy(session, target, rows);
  }

  private long byCopy(Session session, String target, RowSource rows) throws SQLException {
    CopyIn copy = session.copyIn(target);
    try {
      Row row = new Row(columns.size());
      while (rows.next(row)) {
        append(row);
        if (length >= FLUSH) {
          copy.writeToCopy(buffer, 0, length);
          length = 0;
        }
      }
      copy.writeToCopy(buffer, 0, length);
      return copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }

  /** Appends a line of COPY's text format. */
  private void append(Row row) {
    for (int i = 0; i < columns.size(); i++) {
      if (i > 0) {
        put('\t');
      }
      switch (row.kind(i)) {
        case NULL -> {
          put('\\');
          put('N');
        }
        case BLOB -> appendHex(row.bytes(i));
        default -> appendEscaped(ValueText.bytes(row, i, columns.get(i).codec()));
      }
    }
    put('\n');
  }

  private void appendHex(byte[] bytes) {
    ensure(bytes.length * 2L + 4);
    buffer[length++] = '\\';
    buffer[length++] = '\\';
    buffer[length++] = 'x';
    for (byte b : bytes) {
      buffer[length++] = HEX[(b >> 4) & 15];
      buffer[length++] = HEX[b & 15];
    }
  }

  private void appendEscaped(byte[] text) {
    ensure(text.length * 2L);
    for (byte b : text) {
      int escaped =
          switch (b) {
            case '\\' -> '\\';
            case '\n' -> 'n';
            case '\r' -> 'r';
            case '\t' -> 't';
            default -> 0;
          };
      if (escaped != 0) {
        buffer[length++] = '\\';
      }
      buffer[length++] = escaped == 0 ? b : (byte) escaped;
    }
  }

  private void put(char c) {
    ensure(1);
    buffer[length++] = (byte) c;
  }

  private void ensure(long more) {
    if (buffer.length - length < more) {
      int needed = Math.toIntExact(length + more);
      buffer = Arrays.copyOf(buffer, Math.max(needed, Math.min(buffer.length * 2, 1 << 30)));
    }
  }

  private long byStatements(Session session, String target, RowSource rows) throws SQLException {
    long inserted = 0;
    String values = values(session, rows, BATCH);
    while (!values.isEmpty()) {
      inserted += session.update(statement(target, values));
      values = values(session, rows, BATCH);
    }
    return inserted;
  }

  /** The INSERT of rows, of which there must be one. */
  static String statement(Session session, TableShape table, List<String> names, RowSource rows) {
    Inserts inserts = new Inserts(names.stream().map(table::column).toList());
    return statement(target(table, names), inserts.values(session, rows, Integer.MAX_VALUE));
  }

  private static String target(TableShape table, List<String> names) {
    return Sql.quote(table.name()) + " (" + Sql.list(names, Sql::quote) + ")";
  }

  private static String statement(String target, String values) {
    return "INSERT INTO " + target + " OVERRIDING SYSTEM VALUE VALUES " + values;
  }

  /** The next rows after VALUES; empty if there is none. */
  private String values(Session session, RowSource rows, int most) {
    Literals literals = new Literals(session);
    Row row = new Row(columns.size());
    StringBuilder values = new StringBuilder();
    for (int i = 0; i < most && rows.next(row); i++) {
      values.append(i == 0 ? "(" : ", (");
      for (int j = 0; j < columns.size(); j++) {
        values.append(j == 0 ? "" : ", ");
        values.append(row.isNull(j) ? "NULL" : literals.of(row, j, columns.get(j)));
      }
      values.append(')');
    }
    return values.toString();
  }
}
