DO $$ BEGIN
  EXECUTE format('ALTER DATABASE %I SET TimeZone = ''Asia/Kolkata''', current_database());
  EXECUTE format('ALTER DATABASE %I SET DateStyle = ''SQL, DMY''', current_database());
END $$;
CREATE TABLE stamps (id int PRIMARY KEY, at timestamp, since date);
CREATE TABLE instants (id int PRIMARY KEY, at timestamptz);
INSERT INTO stamps VALUES
  (1, '2024-01-30 23:59:59', '2001-02-03'), (2, '2024-01-31 00:00:00', '2001-03-02'),
  (3, '2024-01-30 18:30:00', '2001-02-02'), (4, '2024-01-30 18:30:00', '2001-03-02');
INSERT INTO instants VALUES
  (1, '2024-01-30 23:59:59+00'), (2, '2024-01-31 00:00:00+00'), (3, '2024-01-31 03:00:00+05:30');
