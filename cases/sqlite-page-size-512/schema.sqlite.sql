PRAGMA journal_mode = DELETE;
PRAGMA page_size = 512;
VACUUM;
PRAGMA journal_mode = WAL;
CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, note TEXT);
INSERT INTO events VALUES (1, '2024-01-10 00:00:00', 'ä'), (2, '2024-02-20 00:00:00', '€'), (3, '2024-01-10 00:00:00', '𝄞');
