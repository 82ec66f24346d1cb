package io.tideline.store;

import java.sql.SQLException;
import java.util.Set;

/** Whether the tables of a trace store are there, and are those that are meant. */
final class TraceLayout {
  private static final Set<String> TRACES =
      Set.of(
          "seq", "id", "context_type", "namespace", "data", "metadata", "created_at", "updated_at");
  private static final Set<String> MAPPINGS = Set.of("session_uid", "created_at", "seq");

  private TraceLayout() {}

  /** Makes the tables if there are none. */
  static void confirm(Database database) {
    boolean there =
        database.read(session -> isThere(session, database.product().traces(), database.name()));
    if (!there) {
      database.write(
          session -> {
            database.product().traces().create(session);
            return true;
          });
    }
  }

  private static boolean isThere(Session session, TraceSql sql, String name) throws SQLException {
    Set<String> traces = sql.columns(session, "traces");
    Set<String> mappings = sql.columns(session, "session_traces");
    if (traces.isEmpty() && mappings.isEmpty()) {
      return false;
    }
    if (mappings.isEmpty() && !sql.columns(session, "trace_sessions").isEmpty()) {
      throw new StoreException(
          StoreException.Reason.OLD_SHAPE,
          "Cannot open the traces of "
              + name
              + ": they have the old layout, in which trace_sessions (trace_id, session_uid) maps"
              + " traces without their time. Nothing was changed. Bring the store up to date first.",
          null);
    }
    if (!traces.containsAll(TRACES) || !mappings.containsAll(MAPPINGS)) {
      throw new StoreException(
          StoreException.Reason.REFUSED,
          "Cannot open the traces of "
              + name
              + ": the tables traces and session_traces are not those of a trace store, which have"
              + " the columns "
              + TRACES.stream().sorted().toList()
              + " and "
              + MAPPINGS.stream().sorted().toList()
              + ". Nothing was changed. Use another database or schema.",
          null);
    }
    return true;
  }
}
