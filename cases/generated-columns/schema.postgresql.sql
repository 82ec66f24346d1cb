CREATE TABLE events (id int PRIMARY KEY, at text, a int, b int GENERATED ALWAYS AS (a * 2) STORED);
INSERT INTO events (id, at, a) VALUES (1, '2024-01-10 00:00:00', 4), (2, '2024-02-20 00:00:00', 5);
