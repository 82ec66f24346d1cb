CREATE TABLE runs (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO runs VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00'), (3, '2024-01-10 00:00:00');

CREATE TABLE rows (run INTEGER REFERENCES runs (id), note TEXT);
INSERT INTO rows VALUES (1, 'twin'), (1, 'twin'), (2, 'twin'), (3, 'one');
