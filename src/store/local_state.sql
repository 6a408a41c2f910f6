-- LOCAL_STATE_GET: one value.
SELECT value FROM local_state WHERE key = $1;

-- LOCAL_STATE_SET: sets one.
INSERT INTO local_state (key, value) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- LOCAL_STATE_DELETE: forgets one.
DELETE FROM local_state WHERE key = $1;

-- CLOSED_HELD [sqlite]: nobody has to.
SELECT 0;
-- CLOSED_HELD [postgres]: whether a session lets no transaction have a journal entry.
SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock' AND objsubid = 1
	AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
	AND (classid::bigint << 32) + objid::bigint = 7018350144;

-- CLOSED_WAIT [sqlite]: nothing to wait for, one thread writes.
SELECT 1;
-- CLOSED_WAIT [postgres]: waits for the transactions that have a journal entry, and lets none have one while this session lasts.
SELECT pg_advisory_lock(7018350144);
