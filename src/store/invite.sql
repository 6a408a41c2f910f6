-- INVITE_INSERT: a new one.
INSERT INTO invite (id, account_id, code, max_uses, uses, expires_at) VALUES ($1, $2, $3, $4, 0, $5);

-- INVITES_OF_ACCOUNT: newest first.
SELECT id, account_id, code, max_uses, uses, expires_at FROM invite WHERE account_id = $1 ORDER BY id DESC;

-- INVITE_BY_CODE: the one a link names.
SELECT id, account_id, code, max_uses, uses, expires_at FROM invite WHERE code = $1;

-- INVITE_USE: one use less, if there is one left.
UPDATE invite SET uses = uses + 1
WHERE id = $1 AND (max_uses IS NULL OR uses < max_uses) AND (expires_at IS NULL OR expires_at > $2);

-- INVITE_DELETE: nobody can use it any more.
DELETE FROM invite WHERE id = $1 AND account_id = $2;

-- INVITE_DELETE_ALL: nor any other of this account.
DELETE FROM invite WHERE account_id = $1;
