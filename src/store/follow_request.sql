-- FOLLOW_REQUEST_GET: one request.
SELECT id, flags, languages FROM follow_request WHERE account_id = $1 AND target_id = $2;

-- FOLLOW_REQUEST_PUT: asks, or changes what is asked for.
INSERT INTO follow_request (account_id, target_id, id, flags, languages) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, target_id) DO UPDATE SET flags = excluded.flags, languages = excluded.languages;

-- FOLLOW_REQUEST_DELETE: takes it back, or answers it.
DELETE FROM follow_request WHERE account_id = $1 AND target_id = $2;

-- FOLLOW_REQUESTS: who asked to follow $1.
SELECT id, account_id FROM follow_request WHERE target_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- FOLLOW_REQUESTS_UP: the same, from the oldest.
SELECT id, account_id FROM follow_request WHERE target_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4;

-- FOLLOW_REQUESTS_COUNT: how many wait for $1's answer.
SELECT count(*) FROM follow_request WHERE target_id = $1;
