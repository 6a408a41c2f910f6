-- UPLOAD_INSERT: one is announced.
INSERT INTO upload (id, account_id, size, metadata, expires_at, media_id) VALUES ($1, $2, $3, $4, $5, NULL);

-- UPLOAD_BY_ID: one.
SELECT id, account_id, size, metadata, expires_at, media_id FROM upload WHERE id = $1;

-- UPLOADS_OPEN: how many an account has that are not whole, and the bytes they will have.
SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM upload WHERE account_id = $1 AND media_id IS NULL;

-- UPLOAD_DONE: what it became.
UPDATE upload SET media_id = $2 WHERE id = $1;

-- UPLOAD_DELETE: it is not wanted any more.
DELETE FROM upload WHERE id = $1;

-- UPLOADS_DELETE_OF_ACCOUNT: nor any of this account.
DELETE FROM upload WHERE account_id = $1;

-- UPLOADS_DELETE_OVER: those whose time was over before $1.
DELETE FROM upload WHERE expires_at <= $1;
