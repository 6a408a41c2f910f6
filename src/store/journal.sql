-- JOURNAL_ADD [sqlite]: the one entry of a transaction; triggers write images of rows under its seq. None when the database is closed to
-- writes. (seq, xid)
INSERT INTO journal (xid, at, kind, a, b, c) SELECT 0, $1, $2, $3, $4, $5
WHERE NOT EXISTS (SELECT 1 FROM local_state WHERE key = 'closed') RETURNING seq, xid;
-- JOURNAL_ADD [postgres]: the setting tells the triggers the seq, until the transaction ends. The lock is what closing waits for and keeps
-- from others, whose snapshots may be older (store/closed.c).
WITH j AS (
	INSERT INTO journal (xid, at, kind, a, b, c)
	SELECT pg_current_xact_id()::text::bigint, CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT)
	WHERE pg_try_advisory_xact_lock_shared(7018350144) AND NOT EXISTS (SELECT 1 FROM local_state WHERE key = 'closed')
	RETURNING seq, xid)
SELECT seq, xid, set_config('freehold.seq', seq::text, true) FROM j;

-- JOURNAL_ADD_COPY [sqlite]: the same for what brings a copy up to date, whatever is closed. (seq, xid)
INSERT INTO journal (xid, at, kind, a, b, c) VALUES (0, $1, $2, $3, $4, $5) RETURNING seq, xid;
-- JOURNAL_ADD_COPY [postgres]: the same.
WITH j AS (
	INSERT INTO journal (xid, at, kind, a, b, c)
	VALUES (pg_current_xact_id()::text::bigint, $1, $2, $3, $4, $5) RETURNING seq, xid)
SELECT seq, xid, set_config('freehold.seq', seq::text, true) FROM j;

-- JOURNAL_AFTER [sqlite]: entries after a cursor (xid, seq), in order. (xid, seq, at, kind, a, b, c)
SELECT xid, seq, at, kind, a, b, c FROM journal WHERE seq > $2 AND $1 >= 0 ORDER BY seq LIMIT $3;
-- JOURNAL_AFTER [postgres]: only below the oldest transaction still open, so that none can come in behind the cursor.
SELECT xid, seq, at, kind, a, b, c FROM journal
WHERE (xid, seq) > ($1, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY xid, seq LIMIT $3;

-- JOURNAL_HEAD [sqlite]: the newest entry a reader may have. (xid, seq)
SELECT xid, seq FROM journal ORDER BY seq DESC LIMIT 1;
-- JOURNAL_HEAD [postgres]: below the oldest transaction still open.
SELECT xid, seq FROM journal WHERE xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY xid DESC, seq DESC LIMIT 1;

-- JOURNAL_REST [sqlite]: since when an entry waits behind a cursor (xid, seq), among the next. (ms; NULL: none does)
SELECT min(at) FROM (SELECT at FROM journal WHERE seq > $2 AND $1 >= 0 ORDER BY seq LIMIT 10000) AS rest;
-- JOURNAL_REST [postgres]: those as well that none may have yet.
SELECT min(at) FROM (SELECT at FROM journal WHERE (xid, seq) > ($1, $2) ORDER BY xid, seq LIMIT 10000) AS rest;
