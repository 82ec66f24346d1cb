CREATE TABLE runs (site TEXT NOT NULL, id INTEGER NOT NULL, at TEXT, PRIMARY KEY (site, id));
CREATE TABLE points (id INTEGER PRIMARY KEY, n INTEGER, site TEXT);
INSERT INTO runs VALUES ('eu', 1, '2024-01-10 00:00:00'), ('us', 1, '2024-02-20 00:00:00');
INSERT INTO points VALUES (1, 1, 'eu'), (2, 1, 'us'), (3, 1, NULL), (4, 7, 'eu');
