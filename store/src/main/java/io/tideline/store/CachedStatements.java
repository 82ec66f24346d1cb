package io.tideline.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** Keeps the statements used last, which SQLite's driver would compile anew each time. */
final class CachedStatements implements Statements {
  private final Connection connection;
  private final int most;
  private final Map<String, PreparedStatement> idle = new LinkedHashMap<>();

  CachedStatements(Connection connection, int most) {
    this.connection = connection;
    this.most = most;
  }

  @Override
  public PreparedStatement take(String sql) throws SQLException {
    // Taken out: the same SQL within its own result gets a statement of its own.
    PreparedStatement known = idle.remove(sql);
    return known != null ? known : connection.prepareStatement(sql);
  }

  @Override
  public void giveBack(String sql, PreparedStatement statement) throws SQLException {
    if (most == 0 || idle.containsKey(sql)) {
      statement.close();
      return;
    }
    statement.clearParameters();
    idle.put(sql, statement);
    if (idle.size() > most) {
      Iterator<PreparedStatement> oldest = idle.values().iterator();
      PreparedStatement goes = oldest.next();
      oldest.remove();
      goes.close();
    }
  }
}
