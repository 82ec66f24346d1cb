CREATE TABLE runs (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO runs VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00'), (3, '2024-01-10 00:00:00');

CREATE TABLE tokens (run INTEGER NOT NULL REFERENCES runs (id), token TEXT NOT NULL, PRIMARY KEY (run, token));
CREATE TABLE states (id INTEGER PRIMARY KEY, run INTEGER, token TEXT, FOREIGN KEY (run, token) REFERENCES tokens (run, token));
INSERT INTO tokens VALUES (1, 'x'), (2, 'x');
INSERT INTO states VALUES (1, 1, 'x'), (2, 1, NULL), (3, NULL, 'x'), (4, 2, 'x'), (5, NULL, NULL);
