CREATE TYPE colour AS ENUM ('red', 'blue');
CREATE TABLE events (a numeric, b timestamptz, c colour, at text, n int, PRIMARY KEY (a, b, c));
INSERT INTO events VALUES (1.0, '2024-01-01 00:00+00', 'red', '2024-01-10 00:00:00', 1), (1.00, '2024-01-01 00:00+00', 'blue', '2024-02-20 00:00:00', 2), ('NaN', 'infinity', 'red', '2024-01-10 00:00:00', 3);
