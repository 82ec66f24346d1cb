PRAGMA journal_mode = DELETE;
PRAGMA auto_vacuum = INCREMENTAL;
VACUUM;
PRAGMA journal_mode = WAL;
PRAGMA user_version = 77;
PRAGMA application_id = 1234567;
CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT, note TEXT);
INSERT INTO events VALUES (1, '2024-01-10 00:00:00', 'a'), (2, '2024-02-20 00:00:00', 'b'), (9, '2024-01-10 00:00:00', 'c');
