CREATE TABLE runs (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO runs VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00'), (3, '2024-01-10 00:00:00');

CREATE TABLE rows (id INTEGER PRIMARY KEY, run INTEGER REFERENCES runs (id), at TEXT, note TEXT);
INSERT INTO rows VALUES
  (11, 1, '2024-01-10 00:00:00', 'a'), (12, 1, '2024-02-20 00:00:00', 'b'),
  (21, 2, '2024-01-10 00:00:00', 'c'), (31, 3, '2024-01-10 00:00:00', 'd'),
  (90, NULL, '2024-01-10 00:00:00', 'of no run');

CREATE FUNCTION more() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN IF old.run = 1 THEN INSERT INTO rows VALUES (old.id + 1000, old.run, old.at, 'made by a trigger'); END IF; RETURN NULL; END $$;
CREATE TRIGGER more AFTER DELETE ON rows FOR EACH ROW EXECUTE FUNCTION more();
