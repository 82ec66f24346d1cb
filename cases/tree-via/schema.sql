CREATE TABLE users (id INTEGER PRIMARY KEY, left_at TEXT);
CREATE TABLE messages (id INTEGER PRIMARY KEY, sender INTEGER REFERENCES users (id), receiver INTEGER REFERENCES users (id));
INSERT INTO users VALUES (1, '2024-01-10 00:00:00'), (2, NULL), (3, '2024-01-11 00:00:00');
INSERT INTO messages VALUES (1, 1, 2), (2, 2, 1), (3, 2, 2), (4, 1, 1), (5, 2, 3);
