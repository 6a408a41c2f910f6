-- STANDBY_INVITE: a new one; nothing when the name is taken.
INSERT INTO standby (name, token_hash, token_until, heard_at) VALUES ($1, $2, $3, 0) ON CONFLICT (name) DO NOTHING;

-- STANDBY_JOIN: takes an invitation ($1, at the time $2) and gives it its key. Until that was heard, the answer may have been lost. (name)
UPDATE standby SET key_hash = $3 WHERE token_hash = $1 AND token_until > $2 RETURNING name;

-- STANDBY_BY_KEY: who shows this key, and when it was heard of last. (name, ms)
SELECT name, heard_at FROM standby WHERE key_hash = $1;

-- STANDBY_HEARD: notes that it was there.
UPDATE standby SET heard_at = $2, token_hash = NULL WHERE name = $1;

-- STANDBY_REVOKE: it is none any more.
DELETE FROM standby WHERE name = $1;

-- STANDBY_LIST: all. (name, joined, until when its invitation is good, when it was heard of last, the cursor it follows at, what it does)
SELECT s.name, CASE WHEN s.key_hash IS NULL THEN 0 ELSE 1 END, s.token_until, s.heard_at, coalesce(c.xid, 0), coalesce(c.seq, 0),
	coalesce(d.value, '')
FROM standby AS s LEFT JOIN cursor AS c ON c.name = 'standby ' || s.name LEFT JOIN local_state AS d ON d.key = 'standby.doing ' || s.name
ORDER BY s.name;

-- STANDBY_CURSOR_DROP: the journal is not kept for it any more.
DELETE FROM cursor WHERE name = $1;
