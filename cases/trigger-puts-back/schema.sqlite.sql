CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, note TEXT);
INSERT INTO events VALUES (1, '2024-01-10 00:00:00', 'ä'), (2, '2024-02-20 00:00:00', '€'), (3, '2024-01-10 00:00:00', '𝄞');

CREATE TRIGGER back AFTER DELETE ON events WHEN old.id = 1 BEGIN INSERT INTO events VALUES (old.id, old.at, old.note); END;
