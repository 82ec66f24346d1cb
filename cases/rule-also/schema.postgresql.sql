CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, note TEXT);
INSERT INTO events VALUES (1, '2024-01-10 00:00:00', 'ä'), (2, '2024-02-20 00:00:00', '€'), (3, '2024-01-10 00:00:00', '𝄞');

CREATE TABLE log (event int);
CREATE RULE logged AS ON DELETE TO events DO ALSO INSERT INTO log VALUES (old.id);
