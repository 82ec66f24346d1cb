-- The store of codex-lb, a proxy that shares accounts. One row per request, one usage row per
-- account and minute; nothing is ever deleted. Times are naive UTC text.

CREATE TABLE accounts (
  id VARCHAR PRIMARY KEY NOT NULL, email VARCHAR NOT NULL UNIQUE, status VARCHAR NOT NULL,
  created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP);

CREATE TABLE usage_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id VARCHAR NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  recorded_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, window VARCHAR,
  used_percent FLOAT NOT NULL, input_tokens INTEGER, output_tokens INTEGER,
  reset_at INTEGER, window_minutes INTEGER, credits_has BOOLEAN, credits_balance FLOAT);

CREATE TABLE request_logs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account_id VARCHAR NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  request_id VARCHAR NOT NULL, requested_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  model VARCHAR NOT NULL, input_tokens INTEGER, output_tokens INTEGER,
  cached_input_tokens INTEGER, latency_ms INTEGER, status VARCHAR NOT NULL,
  error_code VARCHAR, error_message TEXT, session_id VARCHAR);

CREATE TABLE sticky_sessions (
  key VARCHAR PRIMARY KEY NOT NULL,
  account_id VARCHAR NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  created_at DATETIME NOT NULL, updated_at DATETIME NOT NULL);

CREATE TABLE dashboard_settings (
  id INTEGER PRIMARY KEY, sticky_threads_enabled BOOLEAN NOT NULL,
  pinned_account_ids_json TEXT NOT NULL);

CREATE INDEX idx_usage_recorded_at ON usage_history (recorded_at);
CREATE INDEX idx_usage_account_time ON usage_history (account_id, recorded_at);
CREATE INDEX idx_logs_account_time ON request_logs (account_id, requested_at);
CREATE INDEX idx_sticky_account ON sticky_sessions (account_id);
