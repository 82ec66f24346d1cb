CREATE TABLE runs (id INTEGER PRIMARY KEY, at TEXT);
INSERT INTO runs VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00'), (3, '2024-01-10 00:00:00');

CREATE TABLE batches (id int PRIMARY KEY, run int NOT NULL REFERENCES runs (id), first_state int);
CREATE TABLE states (id int PRIMARY KEY, batch int REFERENCES batches (id) DEFERRABLE INITIALLY DEFERRED);
ALTER TABLE batches ADD FOREIGN KEY (first_state) REFERENCES states (id) DEFERRABLE INITIALLY DEFERRED;

INSERT INTO batches VALUES (1, 1, NULL), (2, 2, NULL), (3, 3, NULL);
INSERT INTO states VALUES (10, 1), (11, 1), (20, 2), (30, 3), (40, NULL);
UPDATE batches SET first_state = id * 10;
