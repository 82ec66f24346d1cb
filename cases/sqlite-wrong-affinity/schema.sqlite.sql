CREATE TABLE events (id INTEGER PRIMARY KEY, at TEXT, i INTEGER, r REAL, b BLOB, d DECIMAL(10,2), dt DATETIME);
INSERT INTO events VALUES (1, '2024-01-10 00:00:00', 'abc', 'x', 'text', '1.10', '2024-01-01'), (2, '2024-02-20 00:00:00', 1.5, x'00', 7, 'n/a', 1), (3, '2024-01-10 00:00:00', x'31', 1, 1.5, 1e20, x'00');
