CREATE TABLE runs (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO runs VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00'), (3, '2024-01-10 00:00:00');

CREATE TABLE batches (id int PRIMARY KEY, run int NOT NULL REFERENCES runs (id), first_state int NOT NULL);
CREATE TABLE states (id int PRIMARY KEY, batch int NOT NULL REFERENCES batches (id));
ALTER TABLE batches ADD FOREIGN KEY (first_state) REFERENCES states (id);

WITH b AS (INSERT INTO batches VALUES (1, 1, 10), (2, 2, 20), (3, 3, 30))
  INSERT INTO states VALUES (10, 1), (11, 1), (20, 2), (30, 3);
