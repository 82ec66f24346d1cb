CREATE TABLE runs (name TEXT NOT NULL, part SMALLINT NOT NULL, at TEXT, PRIMARY KEY (name, part));
INSERT INTO runs VALUES ('a', 1, '2024-01-10 00:00:00'), ('a', 2, '2024-02-20 00:00:00'), ('ä''"\,', 1, '2024-01-10 00:00:00');

CREATE TABLE notes (id INTEGER, lang CHAR(2), run TEXT, run_part INTEGER, text TEXT, PRIMARY KEY (id, lang), FOREIGN KEY (run, run_part) REFERENCES runs (name, part));
INSERT INTO notes VALUES (1, 'de', 'a', 1, 'a'), (1, 'en', 'ä''"\,', 1, 'b'), (2, 'de', 'a', 2, 'c'), (2, 'en', NULL, 7, 'd'), (3, 'en', 'ä''"\,', 1, NULL);
