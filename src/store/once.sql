-- ONCE_GET: a secret that is good for one use.
SELECT account_id, data, expires_at FROM once WHERE hash = $1 AND kind = $2;

-- ONCE_INSERT: a new one.
INSERT INTO once (hash, kind, account_id, data, expires_at) VALUES ($1, $2, $3, $4, $5);

-- ONCE_DELETE: used. Whoever deletes the row is the one who used it.
DELETE FROM once WHERE hash = $1 AND kind = $2;

-- ONCE_DELETE_OF_ACCOUNT: no secret of this kind is good for this account any more.
DELETE FROM once WHERE account_id = $1 AND kind = $2;

-- ONCE_DELETE_ALL_OF_ACCOUNT: no secret of any kind is.
DELETE FROM once WHERE account_id = $1;

-- ONCE_DELETE_KIND: no secret of this kind is good for anybody.
DELETE FROM once WHERE kind = $1;

-- ONCE_DELETE_EXPIRED: housekeeping.
DELETE FROM once WHERE expires_at < $1;
