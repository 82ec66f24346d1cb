-- The audit trail of ELSPETH, a pipeline that records every decision about every row. Runs own all
-- of it. Keys are text; most foreign keys name the run too; few referring columns have an index.

CREATE TABLE runs (
  run_id TEXT PRIMARY KEY NOT NULL,
  started_at DATETIME NOT NULL,
  completed_at DATETIME,
  status TEXT NOT NULL CHECK (status IN ('running', 'interrupted', 'completed',
    'completed_with_failures', 'failed', 'empty')),
  config_hash TEXT NOT NULL,
  settings_json TEXT NOT NULL,
  canonical_version TEXT NOT NULL
);

CREATE TABLE nodes (
  node_id TEXT NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  plugin_name TEXT NOT NULL,
  node_type TEXT NOT NULL,
  config_json TEXT NOT NULL,
  registered_at DATETIME NOT NULL,
  PRIMARY KEY (node_id, run_id)
);

CREATE TABLE edges (
  edge_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  from_node_id TEXT NOT NULL,
  to_node_id TEXT NOT NULL,
  label TEXT NOT NULL,
  UNIQUE (run_id, from_node_id, label),
  FOREIGN KEY (from_node_id, run_id) REFERENCES nodes (node_id, run_id),
  FOREIGN KEY (to_node_id, run_id) REFERENCES nodes (node_id, run_id)
);

CREATE TABLE run_sources (
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  source_node_id TEXT NOT NULL,
  schema_json TEXT,
  PRIMARY KEY (run_id, source_node_id),
  FOREIGN KEY (source_node_id, run_id) REFERENCES nodes (node_id, run_id)
);

CREATE TABLE run_contracts (
  run_id TEXT PRIMARY KEY NOT NULL REFERENCES runs (run_id),
  mode TEXT NOT NULL,
  fields_json TEXT NOT NULL
);

-- run_id stands here without a foreign key: the example's policy declares it.
CREATE TABLE secret_resolutions (
  resolution_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL,
  env_name TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  resolved_at DATETIME NOT NULL
);

CREATE TABLE rows (
  row_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  source_node_id TEXT NOT NULL,
  row_index INTEGER NOT NULL,
  source_data_hash TEXT NOT NULL,
  source_data_ref TEXT,
  created_at DATETIME NOT NULL,
  UNIQUE (row_id, run_id),
  FOREIGN KEY (source_node_id, run_id) REFERENCES nodes (node_id, run_id)
);

CREATE TABLE tokens (
  token_id TEXT PRIMARY KEY NOT NULL,
  row_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  parent_token_id TEXT,
  fork_group_id TEXT,
  token_data_ref TEXT,
  created_at DATETIME NOT NULL,
  UNIQUE (token_id, run_id),
  FOREIGN KEY (row_id, run_id) REFERENCES rows (row_id, run_id),
  FOREIGN KEY (parent_token_id, run_id) REFERENCES tokens (token_id, run_id)
);

CREATE TABLE token_parents (
  token_id TEXT NOT NULL,
  parent_token_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  PRIMARY KEY (token_id, parent_token_id),
  FOREIGN KEY (token_id, run_id) REFERENCES tokens (token_id, run_id),
  FOREIGN KEY (parent_token_id, run_id) REFERENCES tokens (token_id, run_id)
);

-- node_states and batches refer to each other: a state belongs to a batch, a batch to the state
-- that opened it.
CREATE TABLE node_states (
  state_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL,
  token_id TEXT NOT NULL,
  node_id TEXT NOT NULL,
  step_index INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  status TEXT NOT NULL,
  input_hash TEXT NOT NULL,
  output_hash TEXT,
  started_at DATETIME NOT NULL,
  completed_at DATETIME,
  duration_ms REAL,
  batch_id TEXT REFERENCES batches (batch_id) DEFERRABLE INITIALLY DEFERRED,
  UNIQUE (token_id, node_id, attempt),
  FOREIGN KEY (token_id, run_id) REFERENCES tokens (token_id, run_id),
  FOREIGN KEY (node_id, run_id) REFERENCES nodes (node_id, run_id)
);

CREATE TABLE batches (
  batch_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  aggregation_node_id TEXT NOT NULL,
  aggregation_state_id TEXT REFERENCES node_states (state_id),
  retry_of_batch_id TEXT REFERENCES batches (batch_id),
  attempt INTEGER NOT NULL,
  status TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  completed_at DATETIME,
  FOREIGN KEY (aggregation_node_id, run_id) REFERENCES nodes (node_id, run_id)
);

CREATE TABLE batch_members (
  batch_id TEXT NOT NULL REFERENCES batches (batch_id),
  token_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  ordinal INTEGER NOT NULL,
  PRIMARY KEY (batch_id, token_id),
  FOREIGN KEY (token_id, run_id) REFERENCES tokens (token_id, run_id)
);

CREATE TABLE batch_outputs (
  batch_id TEXT NOT NULL REFERENCES batches (batch_id),
  output_type TEXT NOT NULL,
  output_id TEXT NOT NULL,
  PRIMARY KEY (batch_id, output_type, output_id)
);

CREATE TABLE routing_events (
  event_id TEXT PRIMARY KEY NOT NULL,
  state_id TEXT NOT NULL REFERENCES node_states (state_id),
  edge_id TEXT NOT NULL REFERENCES edges (edge_id),
  mode TEXT NOT NULL,
  reason_hash TEXT,
  reason_ref TEXT,
  created_at DATETIME NOT NULL
);

CREATE TABLE token_outcomes (
  outcome_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  token_id TEXT NOT NULL,
  outcome TEXT NOT NULL,
  is_terminal INTEGER NOT NULL,
  batch_id TEXT REFERENCES batches (batch_id),
  recorded_at DATETIME NOT NULL,
  FOREIGN KEY (token_id, run_id) REFERENCES tokens (token_id, run_id)
);

CREATE TABLE artifacts (
  artifact_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  produced_by_state_id TEXT NOT NULL REFERENCES node_states (state_id),
  sink_node_id TEXT NOT NULL,
  path_or_uri TEXT NOT NULL,
  content_hash TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (sink_node_id, run_id) REFERENCES nodes (node_id, run_id)
);

CREATE TABLE checkpoints (
  checkpoint_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  token_id TEXT NOT NULL,
  node_id TEXT NOT NULL,
  sequence_number INTEGER NOT NULL,
  aggregation_state_json TEXT,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (token_id, run_id) REFERENCES tokens (token_id, run_id),
  FOREIGN KEY (node_id, run_id) REFERENCES nodes (node_id, run_id)
);

CREATE TABLE operations (
  operation_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  node_id TEXT NOT NULL,
  operation_type TEXT NOT NULL,
  status TEXT NOT NULL,
  input_data_ref TEXT,
  output_data_ref TEXT,
  started_at DATETIME NOT NULL,
  completed_at DATETIME,
  FOREIGN KEY (node_id, run_id) REFERENCES nodes (node_id, run_id)
);

-- A call belongs to a state or to an operation.
CREATE TABLE calls (
  call_id TEXT PRIMARY KEY NOT NULL,
  state_id TEXT REFERENCES node_states (state_id),
  operation_id TEXT REFERENCES operations (operation_id),
  call_index INTEGER NOT NULL,
  call_type TEXT NOT NULL,
  status TEXT NOT NULL,
  request_hash TEXT NOT NULL,
  request_ref TEXT,
  response_hash TEXT,
  response_ref TEXT,
  latency_ms REAL,
  created_at DATETIME NOT NULL,
  CHECK ((state_id IS NULL) <> (operation_id IS NULL))
);

CREATE TABLE validation_errors (
  error_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  node_id TEXT,
  row_hash TEXT NOT NULL,
  error TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (node_id, run_id) REFERENCES nodes (node_id, run_id)
);

CREATE TABLE transform_errors (
  error_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  token_id TEXT NOT NULL,
  transform_id TEXT NOT NULL,
  error_details_json TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  FOREIGN KEY (token_id, run_id) REFERENCES tokens (token_id, run_id),
  FOREIGN KEY (transform_id, run_id) REFERENCES nodes (node_id, run_id)
);

-- streams and effects refer to each other; the nullable side is filled in later.
CREATE TABLE streams (
  stream_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  name TEXT NOT NULL,
  last_effect_id TEXT REFERENCES effects (effect_id)
);

-- effects and effect_members refer to each other, both NOT NULL; the check waits for the commit.
CREATE TABLE effects (
  effect_id TEXT PRIMARY KEY NOT NULL,
  stream_id TEXT NOT NULL REFERENCES streams (stream_id),
  first_member_id TEXT NOT NULL
    REFERENCES effect_members (member_id) DEFERRABLE INITIALLY DEFERRED,
  state TEXT NOT NULL,
  created_at DATETIME NOT NULL
);

CREATE TABLE effect_members (
  member_id TEXT PRIMARY KEY NOT NULL,
  effect_id TEXT NOT NULL REFERENCES effects (effect_id),
  token_id TEXT NOT NULL REFERENCES tokens (token_id),
  ordinal INTEGER NOT NULL
);

CREATE TABLE export_snapshots (
  snapshot_id TEXT PRIMARY KEY NOT NULL,
  run_id TEXT NOT NULL REFERENCES runs (run_id),
  status TEXT NOT NULL CHECK (status IN ('open', 'sealed')),
  manifest_json TEXT NOT NULL,
  sealed_at DATETIME,
  created_at DATETIME NOT NULL
);

CREATE TABLE export_snapshot_items (
  snapshot_id TEXT NOT NULL REFERENCES export_snapshots (snapshot_id),
  ordinal INTEGER NOT NULL,
  payload_ref TEXT NOT NULL,
  PRIMARY KEY (snapshot_id, ordinal)
);

CREATE INDEX ix_runs_status ON runs (status);
CREATE INDEX ix_edges_run ON edges (run_id);
CREATE INDEX ix_calls_operation ON calls (operation_id);

-- What was exported and sealed stays, whoever asks.
CREATE TRIGGER export_snapshots_sealed BEFORE DELETE ON export_snapshots
WHEN OLD.status = 'sealed'
BEGIN
  SELECT RAISE(ABORT, 'a sealed export snapshot cannot be deleted');
END;
