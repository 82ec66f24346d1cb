package io.tideline.store;

import java.sql.SQLException;
import java.util.List;
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
    boolean there = database.read(session -> isThere(session, database.product(), database.name()));
    if (!there) {
      database.write(
          session -> {
            database.product().traces().create(session);
            return true;
          });
    }
  }

  /** Tables made by others may have the columns and not the key. */
  static void confirmSeeks(Session session, Database database, List<String> plan)
      throws SQLException {
    Seek seek = new Seek("seek", "session_traces", List.of("session_uid"), "created_at", false);
    if (!database.product().serves(session, plan, seek)) {
      throw new StoreException(
          StoreException.Reason.NO_INDEX,
          "Cannot open the traces of "
              + database.name()
              + ": the key of session_traces is not (session_uid, created_at, seq), and a session"
              + " could only be read by sorting. Nothing was changed. Make that key.",
          null);
    }
  }

  private static boolean isThere(Session session, Product product, String name)
      throws SQLException {
    Set<String> traces = product.columns(session, "traces");
    Set<String> mappings = product.columns(session, "session_traces");
    if (traces.isEmpty() && mappings.isEmpty()) {
      return false;
    }
    if (mappings.isEmpty() && !product.columns(session, "trace_sessions").isEmpty()) {
      throw new StoreException(
          StoreException.Reason.OLD_SHAPE,
          "Cannot open the traces of "
              + name
              + ": they have the old layout, in which trace_sessions (trace_id, session_uid) maps"
              + " traces without their time. Nothing was changed. On SQLite tideline-store-migrate"
              + " brings it up to date; otherwise use another schema.",
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
