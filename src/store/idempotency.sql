-- IDEMPOTENCY_GET: the post that a key made since a time.
SELECT status_id FROM idempotency WHERE account_id = $1 AND key = $2 AND at >= $3;

-- IDEMPOTENCY_PUT: remembers what a key made.
INSERT INTO idempotency (account_id, key, status_id, at) VALUES ($1, $2, $3, $4)
ON CONFLICT (account_id, key) DO UPDATE SET status_id = excluded.status_id, at = excluded.at;

-- IDEMPOTENCY_TRIM: forgets keys older than a time.
DELETE FROM idempotency WHERE account_id = $1 AND at < $2;
