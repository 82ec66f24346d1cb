package io.tideline.query;

import io.tideline.row.RowRanges;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/**
 * Sets of rows as bit strings of {@link #BLOCK} rows, which a view joins by segment and block: a
 * bit for each row, however many ranges there are.
 */
final class Marks implements AutoCloseable {
  static final int BLOCK = 4096;

  /** Rows that the view leaves out. */
  static final String HIDDEN = "";

  private static final String CREATE =
      "CREATE TABLE "
          + Definitions.SCHEMA
          + ".marks (mark VARCHAR, segment INTEGER, block BIGINT, bits BIT)";
  private static final String INSERT =
      "INSERT INTO " + Definitions.SCHEMA + ".marks VALUES (?, ?, ?, CAST(? AS BIT))";

  private final PreparedStatement insert;
  private final byte[] bits = new byte[BLOCK];

  Marks(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
    }
    insert = connection.prepareStatement(INSERT);
  }

  /** Marks rows of a segment. */
  void add(String mark, int segment, RowRanges rows) throws SQLException {
    int block = -1;
    for (int[] range : rows.ranges()) {
      for (int row = range[0]; row <= range[1]; row++) {
        if (row / BLOCK != block) {
          flush(mark, segment, block);
          block = row / BLOCK;
        }
        bits[row % BLOCK] = '1';
      }
    }
    flush(mark, segment, block);
  }

  @SuppressWarnings("deprecation") // the short way from ASCII bytes to a string
  private void flush(String mark, int segment, int block) throws SQLException {
    if (block >= 0) {
      insert.setString(1, mark);
      insert.setInt(2, segment);
      insert.setLong(3, block);
      insert.setString(4, new String(bits, 0));
      insert.executeUpdate();
    }
    Arrays.fill(bits, (byte) '0');
  }

  @Override
  public void close() throws SQLException {
    insert.close();
  }
}
