CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO events VALUES
  (1, 'red'),
  (2, 'green');
