CREATE TABLE events (id int, at text);
CREATE UNIQUE INDEX events_some ON events (id) WHERE at IS NOT NULL;
INSERT INTO events VALUES (1, '2024-01-10 00:00:00');
