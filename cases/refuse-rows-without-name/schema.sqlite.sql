CREATE TABLE events (rowid TEXT, _rowid_ TEXT, oid TEXT, id TEXT PRIMARY KEY, at TEXT);
INSERT INTO events VALUES ('a', 'b', 'c', '1', '2024-01-10 00:00:00');
