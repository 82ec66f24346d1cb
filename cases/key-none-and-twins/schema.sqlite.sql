CREATE TABLE events (at TEXT, note TEXT);
INSERT INTO events VALUES ('2024-01-10 00:00:00', 'twin'), ('2024-01-10 00:00:00', 'twin'), ('2024-01-10 00:00:00', 'one'), ('2024-02-20 00:00:00', 'twin');
