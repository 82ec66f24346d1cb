CREATE TYPE mood AS ENUM ('sad', 'it''s "ok"');
CREATE TYPE pair AS (a int, b text);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE events (
  id int PRIMARY KEY, at text, f8 float8, f4 float4, n numeric, n2 numeric(20, 5), i interval,
  r int4range, m datemultirange, p pair, a text[], aa int[][], e mood, d positive, b bytea,
  bits bit varying, j json, jb jsonb, u uuid, net inet, mac macaddr, c char(5), money money,
  pt point, ts tsvector, t time, tz timetz, big bigint, bool boolean, x xml, name name, oid oid);
INSERT INTO events (id, at, f8, f4, n, n2, i, big) VALUES
  (1, '2024-01-10 00:00:00', 'NaN', 'NaN', 'NaN', 0.10000, '1 mon -3 days 04:05:06.000001', 9223372036854775807),
  (2, '2024-01-10 00:00:00', 'Infinity', '-Infinity', 'Infinity', -99999, '-178000000 years', -9223372036854775808),
  (3, '2024-01-10 00:00:00', '-0', '-0', 1.000000000000000000000000000000000000000000000, 0, '0', 0),
  (4, '2024-01-10 00:00:00', 5e-324, 1e-45, ('1' || repeat('0', 5000) || '.' || repeat('3', 3000))::numeric, NULL, NULL, NULL);
INSERT INTO events (id, at, r, m, p, a, aa, e, d, b, bits, j, jb) VALUES
  (5, '2024-01-10 00:00:00', '(,5]', '{[2020-01-01,2020-02-01),[2021-01-01,)}', '(1,"x ""y"", z")', ARRAY['a', NULL, 'NULL', '', '{"'], '{{1,2},{3,NULL}}', 'it''s "ok"', 7, '\x00ff5c', B'10110', '{"a": 1, "a":  2}', '{"b": 1.0, "a": [null, "\u00e9"]}'),
  (6, '2024-01-10 00:00:00', 'empty', '{}', '(,)', '{}', '[0:1]={1,2}', NULL, NULL, '', B'', 'null', 'null');
INSERT INTO events (id, at, u, net, mac, c, money, pt, ts, t, tz, bool, x, name, oid) VALUES
  (7, '2024-01-10 00:00:00', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '10.1.2.3/8', '08:00:2b:01:02:03', 'ab', '-12.34', '(1.5,-2)', 'a:1A b:2', '24:00:00', '23:59:59.999999-15:59', true, '<a>&amp;</a>', 'n', 4294967295),
  (8, '2024-01-10 00:00:00', NULL, '::1', NULL, '', NULL, '(NaN,Infinity)', '', '00:00', NULL, false, NULL, '', 0);
