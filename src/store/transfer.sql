-- TRANSFER_INSERT: one is asked for.
INSERT INTO transfer (id, account_id, kind, state, position, total, taken, known, refused, report, error, blob, size, expires_at)
VALUES ($1, $2, $3, 0, 0, 0, 0, 0, 0, NULL, NULL, $4, $5, $6);

-- TRANSFER_BY_ID: one.
SELECT id, account_id, kind, state, position, total, taken, known, refused, report, error, blob, size, expires_at FROM transfer WHERE id = $1;

-- TRANSFERS_OF: an account's, newest first.
SELECT id, account_id, kind, state, position, total, taken, known, refused, report, error, blob, size, expires_at FROM transfer
WHERE account_id = $1 ORDER BY id DESC LIMIT $2;

-- TRANSFERS_OPEN: how many of an account are not over.
SELECT count(*) FROM transfer WHERE account_id = $1 AND state <= 1;

-- TRANSFERS_OVER: those whose time was over at $1.
SELECT id, account_id, kind, state, position, total, taken, known, refused, report, error, blob, size, expires_at FROM transfer
WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2;

-- TRANSFER_UPDATE: how far it is, and its file.
UPDATE transfer SET state = $2, position = $3, total = $4, taken = $5, known = $6, refused = $7, report = $8, error = $9, blob = $10, size = $11,
	expires_at = $12 WHERE id = $1;

-- TRANSFER_DELETE: it is not wanted any more.
DELETE FROM transfer WHERE id = $1;

-- IMPORT_SOURCE_GET: the post that this one of elsewhere became, if it is still there.
SELECT s.id FROM import_source i JOIN status s ON s.id = i.status_id WHERE i.account_id = $1 AND i.source = $2;

-- IMPORT_SOURCE_PUT: what it became.
INSERT INTO import_source (account_id, source, status_id) VALUES ($1, $2, $3)
ON CONFLICT (account_id, source) DO UPDATE SET status_id = excluded.status_id;

-- TRANSFER_POSTS: an account's posts and boosts after one, oldest first.
SELECT id FROM status WHERE author_id = $1 AND id > $2 ORDER BY id LIMIT $3;
