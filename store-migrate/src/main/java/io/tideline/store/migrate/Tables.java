package io.tideline.store.migrate;

/** The names that the tables of both layouts have at one time. */
record Tables(String oldTraces, String oldMappings, String newTraces, String newMappings) {
  static final String STATE = "tideline_trace_migration";
  static final String LOG = "tideline_trace_migration_log";

  /** Until the switch. */
  static final Tables BEFORE =
      new Tables("traces", "trace_sessions", "tideline_traces", "tideline_session_traces");

  /** After it. */
  static final Tables AFTER =
      new Tables("traces_before", "trace_sessions_before", "traces", "session_traces");

  String fill(String sql) {
    return sql.replace("{ot}", oldTraces)
        .replace("{om}", oldMappings)
        .replace("{nt}", newTraces)
        .replace("{nm}", newMappings)
        .replace("{log}", LOG);
  }
}
