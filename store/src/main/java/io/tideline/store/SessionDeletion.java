package io.tideline.store;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Deletes one session of a trace store, some traces at a time. */
final class SessionDeletion {
  private static final String LAST = "SELECT coalesce(max(seq), 0) FROM traces";
  private static final String NEXT =
      """
      SELECT created_at, seq FROM session_traces
      WHERE session_uid = ? AND seq <= ? ORDER BY created_at DESC, seq DESC LIMIT ?""";
  private static final String UNMAP =
      "DELETE FROM session_traces WHERE session_uid = ? AND created_at = ? AND seq = ?";
  private static final String DELETE =
      """
      DELETE FROM traces WHERE seq = ? AND NOT EXISTS (
        SELECT 1 FROM session_traces AS other WHERE other.seq = traces.seq)""";

  private record Mapping(double createdAt, long seq) {}

  private final Database database;
  private final TraceSql sql;
  private final String name;
  private final int atOnce;

  SessionDeletion(Database database, TraceSql sql, String name, int atOnce) {
    this.database = database;
    this.sql = sql;
    this.name = name;
    this.atOnce = atOnce;
  }

  DeletedSession carryOut() {
    // What comes later stays: or a busy session would be deleted for ever.
    long last = database.read(session -> session.first(LAST, row -> row.getLong(1))).orElse(0L);
    DeletedSession all = new DeletedSession(0, 0);
    while (true) {
      Optional<DeletedSession> some = database.write(session -> some(session, last));
      if (some.isEmpty()) {
        return all;
      }
      all = all.plus(some.get());
    }
  }

  /** Some of it, or empty if nothing is left. */
  private Optional<DeletedSession> some(Session session, long last) throws SQLException {
    List<Mapping> mappings =
        session.query(
            NEXT, row -> new Mapping(row.getDouble(1), row.getLong(2)), name, last, atOnce);
    if (mappings.isEmpty()) {
      return Optional.empty();
    }
    // First, so that the next statement sees every mapping that there will be.
    sql.lock(session, mappings.stream().map(Mapping::seq).toList());
    int[] unmapped =
        session.batch(
            UNMAP,
            mappings,
            (statement, mapping) -> {
              statement.setString(1, name);
              statement.setDouble(2, mapping.createdAt());
              statement.setLong(3, mapping.seq());
            });
    int[] deleted =
        session.batch(
            DELETE, mappings, (statement, mapping) -> statement.setLong(1, mapping.seq()));
    return Optional.of(
        new DeletedSession(Arrays.stream(unmapped).sum(), Arrays.stream(deleted).sum()));
  }
}
