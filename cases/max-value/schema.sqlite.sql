CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, body);
INSERT INTO events VALUES
  (1, '2024-01-10 00:00:00', zeroblob(1024)),
  (2, '2024-01-10 00:00:00', zeroblob(1025)),
  (3, '2024-01-10 00:00:00', 'small');
