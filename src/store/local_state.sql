-- LOCAL_STATE_GET: one value.
SELECT value FROM local_state WHERE key = $1;

-- LOCAL_STATE_SET: sets one.
INSERT INTO local_state (key, value) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- LOCAL_STATE_DELETE: forgets one.
DELETE FROM local_state WHERE key = $1;

-- CLOSED_WAIT [sqlite]: nothing to wait for, one thread writes.
SELECT 1;
-- CLOSED_WAIT [postgres]: waits for the transactions that have a journal entry, and lets none have one while this session lasts.
SELECT pg_advisory_lock(7018350144);
