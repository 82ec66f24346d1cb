CREATE TABLE events (id int PRIMARY KEY, at text);
CREATE TABLE more (extra text, PRIMARY KEY (id)) INHERITS (events);
INSERT INTO events VALUES (1, '2024-01-10 00:00:00'), (2, '2024-02-20 00:00:00');
INSERT INTO more VALUES (1, '2024-01-10 00:00:00', 'x'), (3, '2024-01-10 00:00:00', 'y');
