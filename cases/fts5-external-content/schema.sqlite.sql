CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, note TEXT);
INSERT INTO events VALUES (1, '2024-01-10 00:00:00', 'ä'), (2, '2024-02-20 00:00:00', '€'), (3, '2024-01-10 00:00:00', '𝄞');

CREATE VIRTUAL TABLE words USING fts5(note, content = 'events', content_rowid = 'id');
CREATE TRIGGER words_in AFTER INSERT ON events BEGIN INSERT INTO words (rowid, note) VALUES (new.id, new.note); END;
CREATE TRIGGER words_out AFTER DELETE ON events BEGIN INSERT INTO words (words, rowid, note) VALUES ('delete', old.id, old.note); END;
INSERT INTO words (words) VALUES ('rebuild');
INSERT INTO events VALUES (4, '2024-01-10 00:00:00', 'old word'), (5, '2024-02-20 00:00:00', 'new word');
