CREATE TABLE tasks (id INTEGER PRIMARY KEY, at TEXT, parent INTEGER REFERENCES tasks (id));
INSERT INTO tasks VALUES
  (1, '2024-01-10 00:00:00', NULL), (2, '2024-01-10 00:00:00', 1), (3, '2024-01-10 00:00:00', 2),
  (4, '2024-01-10 00:00:00', NULL), (5, '2024-02-20 00:00:00', 4);
UPDATE tasks SET parent = 3 WHERE id = 1;
UPDATE tasks SET parent = 5 WHERE id = 4;
