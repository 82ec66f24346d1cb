-- constant
SELECT 1
-- values
VALUES (1), (2)
-- scan
SELECT * FROM plain
-- scan-alias
SELECT * FROM plain AS p WHERE p.a = ?
-- scan-alias-of-another-table
SELECT usage.a FROM plain AS usage WHERE usage.b = ?
-- scan-index
SELECT * FROM usage ORDER BY at
-- scan-covering
SELECT at FROM usage
-- scan-primary-key
SELECT * FROM members ORDER BY trace
-- search-rowid
SELECT * FROM usage WHERE id = ?
-- search-rowid-range
SELECT * FROM usage AS u WHERE u.id > ? ORDER BY u.id
-- search-rowid-list
SELECT * FROM usage WHERE id IN (?, ?)
-- search-index
SELECT * FROM usage WHERE account_id = ? AND at > ?
-- search-index-range
SELECT * FROM usage WHERE at > ? AND at < ?
-- search-covering
SELECT at FROM usage AS u WHERE account_id = ? ORDER BY at DESC
-- search-partial
SELECT * FROM usage WHERE account_id = ? AND win = 'primary' ORDER BY at
-- search-unique
SELECT * FROM accounts WHERE id = ?
-- search-primary-key
SELECT * FROM members WHERE trace = ? AND session = ?
-- search-primary-key-part
SELECT * FROM members AS m WHERE m.trace = ?
-- search-row-value
SELECT * FROM members WHERE session = ? AND (at, trace) < (?, ?)
-- search-null
SELECT * FROM usage WHERE account_id IS NULL
-- automatic
SELECT * FROM plain p JOIN "AS b" q ON q.x = p.b
-- automatic-partial
SELECT * FROM plain p LEFT JOIN plain q ON q.a = p.b AND q.c = 5
-- skip-scan
SELECT * FROM skips WHERE size = ?
-- order-by
SELECT * FROM plain ORDER BY a
-- order-by-right-part
SELECT * FROM usage ORDER BY at, used
-- order-by-two-terms-right
SELECT * FROM usage ORDER BY at, used, win
-- group-by
SELECT a, count(*) FROM plain GROUP BY a
-- group-by-index
SELECT account_id, max(at) FROM usage GROUP BY account_id
-- distinct
SELECT DISTINCT a FROM plain
-- count-distinct
SELECT count(DISTINCT a) FROM plain
-- group-concat-order
SELECT group_concat(a) FROM (SELECT a FROM plain ORDER BY b)
-- min
SELECT min(at) FROM usage
-- min-max-scan
SELECT max(b) FROM plain
-- count
SELECT count(*) FROM usage
-- or
SELECT * FROM usage WHERE at = ? OR id = ?
-- or-index
SELECT * FROM usage AS u WHERE u.at = ? OR u.account_id = ?
-- in-list
SELECT * FROM usage WHERE account_id IN (?, ?, ?)
-- in-select
SELECT * FROM usage WHERE account_id IN (SELECT id FROM accounts WHERE status = ?)
-- in-values
SELECT * FROM usage WHERE account_id IN (VALUES (?), (?))
-- exists
SELECT * FROM accounts a WHERE EXISTS (SELECT 1 FROM usage u WHERE u.account_id = a.id)
-- not-exists
SELECT * FROM accounts a WHERE NOT EXISTS (SELECT 1 FROM plain p WHERE p.a = a.id)
-- scalar
SELECT (SELECT max(at) FROM usage), id FROM accounts
-- correlated
SELECT a.id, (SELECT u.used FROM usage u WHERE u.account_id = a.id ORDER BY u.at DESC LIMIT 1) FROM accounts a
-- seek-per-account
SELECT u.* FROM accounts a JOIN usage u ON u.id = (SELECT n.id FROM usage n WHERE n.account_id = a.id ORDER BY n.at DESC LIMIT 1)
-- window
SELECT * FROM (SELECT u.*, row_number() OVER (PARTITION BY account_id ORDER BY at DESC) AS n FROM usage u) WHERE n = 1
-- window-own-order
SELECT sum(used) OVER (ORDER BY used) FROM usage
-- derived
SELECT * FROM (SELECT a, count(*) AS n FROM plain GROUP BY a) x WHERE x.n > 2
-- derived-join
SELECT * FROM accounts a JOIN (SELECT account_id, max(at) m FROM usage GROUP BY account_id) n ON n.account_id = a.id
-- cte
WITH recent AS (SELECT * FROM usage WHERE at > ?) SELECT * FROM recent WHERE account_id = ?
-- cte-materialized
WITH recent AS (SELECT DISTINCT account_id FROM usage) SELECT * FROM recent r JOIN recent s ON r.account_id = s.account_id
-- cte-shadows-table
WITH plain AS (SELECT DISTINCT account_id AS a FROM usage LIMIT 5) SELECT * FROM plain x, plain y
-- cte-recursive
WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT * FROM n
-- cte-skip
WITH RECURSIVE k(a) AS (SELECT min(account_id) FROM usage UNION ALL SELECT (SELECT min(account_id) FROM usage WHERE account_id > k.a) FROM k WHERE k.a IS NOT NULL) SELECT k.a, (SELECT max(at) FROM usage u WHERE u.account_id = k.a) FROM k
-- union
SELECT a FROM plain UNION SELECT x FROM "AS b"
-- union-all
SELECT a FROM plain UNION ALL SELECT at FROM usage
-- union-all-order
SELECT at FROM usage UNION ALL SELECT at FROM usage ORDER BY 1
-- intersect
SELECT a FROM plain INTERSECT SELECT x FROM "AS b"
-- except
SELECT a FROM plain EXCEPT SELECT x FROM "AS b"
-- compound-of-values
SELECT * FROM (SELECT a FROM plain UNION SELECT x FROM "AS b") ORDER BY 1
-- join
SELECT * FROM accounts a JOIN usage u ON u.account_id = a.id WHERE a.email = ?
-- join-rowid
SELECT * FROM members m JOIN usage u ON u.id = m.trace WHERE m.session = ? ORDER BY m.at DESC LIMIT 10
-- left-join
SELECT * FROM accounts a LEFT JOIN usage u ON u.account_id = a.id
-- left-join-scan
SELECT * FROM accounts a LEFT JOIN plain p ON p.a > a.id
-- cross-join
SELECT * FROM plain p CROSS JOIN "AS b" q
-- self-join
SELECT * FROM usage x JOIN usage y ON y.id = x.id + 1
-- view
SELECT * FROM newest WHERE account_id = ?
-- view-flat
SELECT * FROM busy AS v WHERE v.a = ?
-- view-join
SELECT * FROM accounts a JOIN newest n ON n.account_id = a.id
-- function
SELECT * FROM json_each(?)
-- function-join
SELECT u.* FROM json_each(?) AS j JOIN usage u ON u.account_id = j.value
-- fts
SELECT * FROM notes WHERE notes MATCH ?
-- rtree
SELECT * FROM boxes AS b WHERE b.x0 > ?
-- odd-scan
SELECT * FROM "odd (name) USING"
-- odd-search
SELECT * FROM "odd (name) USING" AS "a (b) USING INDEX c" WHERE "a (b) USING INDEX c"."a b" = ?
-- odd-alias-as
SELECT * FROM "AS b" AS "t AS u"
-- indexed-by
SELECT * FROM usage INDEXED BY usage_account WHERE account_id = ?
-- not-indexed
SELECT * FROM usage NOT INDEXED WHERE account_id = ?
-- collate
SELECT * FROM usage WHERE account_id = ? COLLATE NOCASE
-- schema-table
SELECT name FROM sqlite_master WHERE type = 'table'
-- min-filtered
SELECT min(at) FROM usage WHERE used > ?
-- max-seek
SELECT max(at) FROM usage WHERE account_id = ?
-- right-join
SELECT * FROM accounts a RIGHT JOIN usage u ON u.account_id = a.id
-- full-join
SELECT * FROM plain p FULL JOIN "AS b" q ON q.x = p.a
-- reused-subquery
SELECT * FROM usage WHERE account_id IN (SELECT id FROM accounts) AND win IN (SELECT id FROM accounts)
-- union-in-subquery
SELECT * FROM accounts WHERE id IN (SELECT a FROM plain UNION SELECT x FROM "AS b")
-- limit-scalar
SELECT * FROM usage LIMIT (SELECT count(*) FROM accounts)
-- values-join
SELECT v.column1, u.used FROM (VALUES (?), (?)) AS v JOIN usage u ON u.account_id = v.column1
-- or-in-join
SELECT * FROM accounts a JOIN usage u ON u.account_id = a.id OR u.id = a.status
-- distinct-order
SELECT DISTINCT a, b FROM plain ORDER BY b
-- window-partitions
SELECT account_id, lag(used) OVER (PARTITION BY account_id ORDER BY at) FROM usage
-- union-temporary
SELECT a, b FROM plain UNION SELECT x, x FROM "AS b" LIMIT 3
-- latest-by-row-value
SELECT * FROM usage WHERE (account_id, at) IN (SELECT account_id, max(at) FROM usage GROUP BY account_id)
