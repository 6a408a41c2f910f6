-- CURSOR_GET: how far a reader has come. (xid, seq)
SELECT xid, seq FROM cursor WHERE name = $1;

-- CURSOR_SET: moves it.
INSERT INTO cursor (name, xid, seq, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (name) DO UPDATE SET xid = excluded.xid, seq = excluded.seq, at = excluded.at;

-- CURSOR_LEAST: how far the slowest reader has come; standbys not heard since a time do not count. (xid, seq)
SELECT xid, seq FROM cursor
WHERE name <> 'trimmed' AND NOT EXISTS (SELECT 1 FROM standby WHERE cursor.name = 'standby ' || standby.name AND standby.heard_at < $1)
ORDER BY xid, seq LIMIT 1;

-- JOURNAL_OLD [sqlite]: entries before a time that every reader has passed, oldest first; never the newest. (xid, seq)
SELECT xid, seq FROM journal WHERE at < $1 AND seq <= $3 AND $2 >= 0 AND seq < (SELECT max(seq) FROM journal) ORDER BY seq LIMIT $4;
-- JOURNAL_OLD [postgres]: nor one that may have company still uncommitted.
SELECT xid, seq FROM journal
WHERE at < $1 AND (xid, seq) <= ($2, $3) AND seq < (SELECT max(seq) FROM journal)
	AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
ORDER BY xid, seq LIMIT $4;

-- CHANGE_CUT [sqlite]: the images of entries up to (xid, seq).
DELETE FROM change WHERE seq <= $2 AND $1 >= 0;
-- CHANGE_CUT [postgres]: before JOURNAL_CUT.
DELETE FROM change WHERE seq IN (SELECT seq FROM journal WHERE (xid, seq) <= ($1, $2));

-- JOURNAL_CUT [sqlite]: entries up to (xid, seq).
DELETE FROM journal WHERE seq <= $2 AND $1 >= 0;
-- JOURNAL_CUT [postgres]: by the pair.
DELETE FROM journal WHERE (xid, seq) <= ($1, $2);
