CREATE TABLE yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy (id integer PRIMARY KEY, at text);
INSERT INTO yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00');
