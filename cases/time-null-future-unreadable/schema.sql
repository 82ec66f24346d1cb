CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO events VALUES
  (1, '2024-01-10 00:00:00'),
  (2, NULL),
  (3, '2024-02-30 00:00:00'),
  (4, 'soon'),
  (5, '2031-01-01 00:00:00'),
  (6, ''),
  (7, '2024-02-20 00:00:00'),
  (8, '2023-02-29 00:00:00');
