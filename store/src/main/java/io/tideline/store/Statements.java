package io.tideline.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The prepared statements of one connection. */
interface Statements {
  /** A statement that nobody else uses until it is given back. */
  PreparedStatement take(String sql) throws SQLException;

  /** Takes a statement back, its results closed. */
  void giveBack(String sql, PreparedStatement statement) throws SQLException;

  /** Prepares anew each time: for drivers that remember statements themselves. */
  static Statements of(Connection connection) {
    return new Statements() {
      @Override
      public PreparedStatement take(String sql) throws SQLException {
        return connection.prepareStatement(sql);
      }

      @Override
      public void giveBack(String sql, PreparedStatement statement) throws SQLException {
        statement.close();
      }
    };
  }
}
