-- SESSION_BY_HASH: all the gate needs to know about who asks, in one go.
SELECT t.id, t.kind, t.account_id, t.app_id, t.scopes, t.last_used_at, m.role, m.flags, a.flags, m.account_id
FROM token t LEFT JOIN member m ON m.account_id = t.account_id LEFT JOIN account a ON a.id = t.account_id
WHERE t.hash = $1;

-- TOKEN_INSERT: a new session or access token.
INSERT INTO token (id, hash, kind, account_id, app_id, scopes, address, agent, last_used_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- TOKEN_USED: when and from where it was last used.
UPDATE token SET last_used_at = $2, address = $3 WHERE id = $1;

-- TOKENS_OF_ACCOUNT: the sessions and apps of an account, newest first, with the app's name.
SELECT t.id, t.kind, t.app_id, t.scopes, t.last_used_at, t.address, t.agent, p.name, p.website
FROM token t LEFT JOIN app p ON p.id = t.app_id
WHERE t.account_id = $1 ORDER BY t.id DESC;

-- TOKEN_DELETE: revokes one.
DELETE FROM token WHERE id = $1;

-- TOKEN_DELETE_OF_ACCOUNT: revokes one, if it is this account's.
DELETE FROM token WHERE id = $1 AND account_id = $2;

-- TOKEN_DELETE_BY_HASH: revokes the one with this hash, if this app holds it.
DELETE FROM token WHERE hash = $1 AND app_id = $2;

-- TOKEN_DELETE_ALL: revokes all of an account but one (0: all).
DELETE FROM token WHERE account_id = $1 AND id <> $2;

