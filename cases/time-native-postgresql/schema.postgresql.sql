CREATE TABLE days (id int PRIMARY KEY, at date);
CREATE TABLE stamps (id int PRIMARY KEY, at timestamp);
CREATE TABLE instants (id int PRIMARY KEY, at timestamptz);
INSERT INTO days VALUES (1, '2024-01-30'), (2, '2024-01-31'), (3, 'infinity'), (4, '-infinity'), (5, '0044-03-15 BC'), (6, NULL);
INSERT INTO stamps VALUES (1, '2024-01-30 23:59:59.999999'), (2, '2024-01-31'), (3, 'infinity'), (4, '-infinity'), (5, '0044-03-15 BC'), (6, NULL);
INSERT INTO instants VALUES (1, '2024-01-31 01:59:59.999999+02'), (2, '2024-01-31 02:00+02'), (3, 'infinity'), (4, '-infinity'), (5, '0044-03-15 BC'), (6, NULL);
