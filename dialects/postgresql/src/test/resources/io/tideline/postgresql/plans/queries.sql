-- constant
SELECT 1
-- values
VALUES (1), (2)
-- scan
SELECT * FROM usage
-- scan-filter
SELECT * FROM usage u WHERE u.used > 9990
-- key
SELECT * FROM usage WHERE id = 5
-- search
SELECT * FROM usage WHERE account_id = 'a5' ORDER BY at DESC LIMIT 3
-- search-alone
SELECT at FROM usage WHERE account_id = 'a5' AND at > '2026-01-07' ORDER BY at
-- not-leading
SELECT at FROM usage WHERE at = '2026-01-07 00:01:00'
-- whole-index
SELECT account_id, at FROM usage ORDER BY account_id, at
-- whole-index-limit
SELECT * FROM usage ORDER BY account_id, at LIMIT 5
-- bitmap
SELECT * FROM usage WHERE account_id IN ('a5', 'a7')
-- bitmap-or
SELECT * FROM usage WHERE account_id = 'a5' OR id < 50
-- sort
SELECT * FROM usage ORDER BY used
-- incremental-sort
SELECT * FROM usage ORDER BY account_id, at, used
-- distinct
SELECT DISTINCT account_id FROM usage
-- distinct-on
SELECT DISTINCT ON (account_id) * FROM usage ORDER BY account_id, at DESC
-- group
SELECT account_id, count(*) FROM usage GROUP BY account_id
-- window
SELECT * FROM (SELECT u.*, row_number() OVER (PARTITION BY account_id ORDER BY at DESC) AS n FROM usage u) x WHERE n = 1
-- lateral
SELECT n.* FROM accounts a CROSS JOIN LATERAL (SELECT * FROM usage u WHERE u.account_id = a.id ORDER BY at DESC LIMIT 1) n
-- subplan
SELECT a.id, (SELECT max(at) FROM usage u WHERE u.account_id = a.id) FROM accounts a
-- init-plan
SELECT * FROM usage WHERE id = (SELECT max(id) FROM usage)
-- exists
SELECT * FROM accounts a WHERE EXISTS (SELECT 1 FROM usage u WHERE u.account_id = a.id)
-- join
SELECT * FROM accounts a JOIN usage u ON u.account_id = a.id
-- memoize
SELECT count(*) FROM usage u JOIN accounts a ON a.id = u.account_id WHERE u.id < 500
-- merge-join
SELECT * FROM usage a JOIN usage b USING (id)
-- cte
WITH x AS MATERIALIZED (SELECT * FROM usage WHERE account_id = 'a1') SELECT * FROM x a, x b LIMIT 5
-- cte-recursive
WITH RECURSIVE k AS ((SELECT account_id FROM usage ORDER BY account_id LIMIT 1) UNION ALL SELECT (SELECT account_id FROM usage WHERE account_id > k.account_id ORDER BY account_id LIMIT 1) FROM k WHERE k.account_id IS NOT NULL) SELECT * FROM k
-- union
SELECT id FROM accounts UNION SELECT account_id FROM usage
-- except
SELECT id FROM accounts EXCEPT SELECT account_id FROM usage
-- view
SELECT * FROM newest WHERE account_id = 'a3'
-- function
SELECT * FROM generate_series(1, 5) g
-- table-function
SELECT * FROM xmltable('/a/b' PASSING '<a><b>1</b></a>' COLUMNS x int PATH '.')
-- partitions
SELECT * FROM parted WHERE who = 'w3' AND at >= '2026-01-05' ORDER BY at
-- partition-pruned
SELECT * FROM parted WHERE at >= '2026-02-05' AND who = 'w3'
-- partition-scan
SELECT count(*) FROM parted
-- quoted
SELECT * FROM "My Schema"."My Table" AS "My Alias" WHERE "My Column" = 7
-- sample
SELECT * FROM usage TABLESAMPLE SYSTEM (10)
-- tid
SELECT * FROM usage WHERE ctid = '(0,1)'
-- tid-range
SELECT * FROM usage WHERE ctid < '(2,1)'
-- brin
SELECT * FROM usage WHERE used = 7
-- project-set
SELECT generate_series(1, 3), id FROM accounts
-- limit-scalar
SELECT id FROM usage LIMIT (SELECT count(*) FROM accounts)
-- delete
DELETE FROM usage WHERE id = 7
-- lock
SELECT * FROM usage WHERE id = 7 FOR UPDATE
