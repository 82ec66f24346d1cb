CREATE TABLE runs (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO runs VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00'), (3, '2024-01-10 00:00:00');

CREATE TABLE notes (id INTEGER PRIMARY KEY, run INTEGER REFERENCES runs (id), text TEXT);
INSERT INTO notes VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c'), (4, NULL, 'd'), (5, 1, 'e');
