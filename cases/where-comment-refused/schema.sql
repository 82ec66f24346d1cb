CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, kind TEXT, flag INTEGER);
INSERT INTO events VALUES
  (1, '2024-01-10 00:00:00', 'a', 1),
  (2, '2024-01-10 00:00:00', 'b', 0),
  (3, '2024-01-10 00:00:00', NULL, NULL),
  (4, '2024-02-20 00:00:00', 'a', 1);
