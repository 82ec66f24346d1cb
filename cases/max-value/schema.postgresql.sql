CREATE TABLE events (id int PRIMARY KEY, at text, body text);
INSERT INTO events VALUES
  (1, '2024-01-10 00:00:00', repeat('x', 1024)),
  (2, '2024-01-10 00:00:00', repeat('x', 1025)),
  (3, '2024-01-10 00:00:00', 'small');
