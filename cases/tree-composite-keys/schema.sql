CREATE TABLE runs (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO runs VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00'), (3, '2024-01-10 00:00:00');

CREATE TABLE tokens (token TEXT NOT NULL, run INTEGER NOT NULL REFERENCES runs (id), PRIMARY KEY (token, run), UNIQUE (run, token));
CREATE TABLE states (id INTEGER PRIMARY KEY, r INTEGER, tok TEXT, FOREIGN KEY (r, tok) REFERENCES tokens (run, token));
INSERT INTO tokens VALUES ('x', 1), ('y', 1), ('x', 2), ('x', 3);
INSERT INTO states VALUES (1, 1, 'x'), (2, 2, 'x'), (3, 3, 'x'), (4, 1, 'y');
