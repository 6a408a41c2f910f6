-- MUTE_PUT: mutes, or changes for how long and what.
INSERT INTO mute (account_id, target_id, id, notifications, expires_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, target_id) DO UPDATE SET notifications = excluded.notifications, expires_at = excluded.expires_at;

-- MUTE_DELETE: unmutes.
DELETE FROM mute WHERE account_id = $1 AND target_id = $2;

-- MUTES: whom $1 mutes at the time $5.
SELECT id, target_id, expires_at FROM mute WHERE account_id = $1 AND id > $2 AND id < $3 AND (expires_at IS NULL OR expires_at > $5)
ORDER BY id DESC LIMIT $4;

-- MUTES_UP: the same, from the oldest.
SELECT id, target_id, expires_at FROM mute WHERE account_id = $1 AND id > $2 AND id < $3 AND (expires_at IS NULL OR expires_at > $5)
ORDER BY id LIMIT $4;
