-- JOURNAL_ADD [sqlite]: the one entry of a transaction; triggers write images of rows under its seq. (seq, xid)
INSERT INTO journal (xid, at, kind, a, b, c) VALUES (0, $1, $2, $3, $4, $5) RETURNING seq, xid;
-- JOURNAL_ADD [postgres]: the setting tells the triggers the seq, until the transaction ends.
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
