-- CHANGED_TABLES [sqlite]: the tables that entries after a cursor (xid, seq) changed, as this snapshot sees them.
SELECT DISTINCT tbl FROM change WHERE seq > $2 AND $1 >= 0;
-- CHANGED_TABLES [postgres]: those that are open below the cursor commit with a seq that may lie before it: xid is what orders.
SELECT DISTINCT h.tbl FROM journal AS j JOIN change AS h ON h.seq = j.seq WHERE (j.xid, j.seq) > ($1, $2);

-- CHANGED_BY_KIND [sqlite]: how many entries of a kind came after a cursor.
SELECT count(*) FROM journal WHERE seq > $2 AND $1 >= 0 AND kind = $3;
-- CHANGED_BY_KIND [postgres]: likewise.
SELECT count(*) FROM journal WHERE (xid, seq) > ($1, $2) AND kind = $3;
