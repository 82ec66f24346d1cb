CREATE TABLE runs (id INTEGER PRIMARY KEY, at TEXT, kind TEXT);
INSERT INTO runs VALUES (1, '2024-01-10 00:00:00', 'x'), (2, '2024-02-20 00:00:00', 'y'), (3, '2024-01-11 00:00:00', 'x');

CREATE TABLE rows (id INTEGER PRIMARY KEY, run INTEGER REFERENCES runs (id), at TEXT, note TEXT);
INSERT INTO rows VALUES
  (11, 1, '2024-01-10 00:00:00', 'a'), (12, 1, '2024-02-20 00:00:00', 'b'),
  (21, 2, '2024-01-10 00:00:00', 'c'), (31, 3, '2024-01-10 00:00:00', 'd'),
  (90, NULL, '2024-01-10 00:00:00', 'of no run');
