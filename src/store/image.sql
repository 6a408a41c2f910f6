-- CHANGE_AFTER [sqlite]: entries after a cursor (xid, seq) with what they changed, in order. (xid, seq, at, kind, a, b, c, table, key, image)
SELECT j.xid, j.seq, j.at, j.kind, j.a, j.b, j.c, h.tbl, h.key, h.image
FROM (SELECT * FROM journal WHERE seq > $2 AND $1 >= 0 ORDER BY seq LIMIT $3) AS j LEFT JOIN change AS h ON h.seq = j.seq
ORDER BY j.seq, h.n;
-- CHANGE_AFTER [postgres]: only below the oldest transaction still open, as JOURNAL_AFTER.
SELECT j.xid, j.seq, j.at, j.kind, j.a, j.b, j.c, h.tbl, h.key, h.image
FROM (SELECT * FROM journal WHERE (xid, seq) > ($1, $2) AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
	ORDER BY xid, seq LIMIT $3) AS j LEFT JOIN change AS h ON h.seq = j.seq
ORDER BY j.xid, j.seq, h.n;
