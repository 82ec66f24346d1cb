-- A store of traces and the sessions that they belong to. Times are REAL seconds since 1970.

CREATE TABLE traces (
  id TEXT PRIMARY KEY NOT NULL,
  context_type TEXT NOT NULL,
  namespace TEXT NOT NULL,
  data TEXT NOT NULL CHECK (json_valid(data)),
  metadata TEXT CHECK (metadata IS NULL OR json_valid(metadata)),
  created_at REAL NOT NULL,
  updated_at REAL NOT NULL
);

-- A trace may belong to several sessions.
CREATE TABLE trace_sessions (
  trace_id TEXT NOT NULL REFERENCES traces (id) ON DELETE CASCADE,
  session_uid TEXT NOT NULL,
  PRIMARY KEY (trace_id, session_uid)
);

CREATE INDEX idx_trace_sessions_session ON trace_sessions (session_uid);
CREATE INDEX idx_trace_sessions_trace ON trace_sessions (trace_id);
CREATE INDEX idx_traces_created ON traces (created_at);
CREATE INDEX idx_traces_context_type ON traces (context_type);
CREATE INDEX idx_traces_namespace ON traces (namespace);
