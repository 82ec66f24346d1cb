CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, note TEXT);
INSERT INTO events VALUES
  (1, '2024-01-30 23:59:59', 'a second older'),
  (2, '2024-01-31 00:00:00', 'exactly at the cutoff'),
  (3, '2024-01-31 00:00:00.000000', 'exactly at the cutoff, longer'),
  (4, '2024-01-30 23:59:59.999999', 'a microsecond older'),
  (5, '2024-01-31 00:00:00.000001', 'a microsecond younger'),
  (6, '2024-02-29 23:59:59', 'young');
