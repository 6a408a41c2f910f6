-- MENTION_INSERT: names an account in a post, or changes whether silently.
INSERT INTO mention (status_id, account_id, silent) VALUES ($1, $2, $3)
ON CONFLICT (status_id, account_id) DO UPDATE SET silent = excluded.silent;

-- MENTIONS_OF_STATUS: whom a post names. (account, silent, username, domain)
SELECT m.account_id, m.silent, a.username, a.domain FROM mention m JOIN account a ON a.id = m.account_id
WHERE m.status_id = $1 ORDER BY m.account_id;

-- MENTIONS_SILENCE: names nobody any longer; those it named may still see it.
UPDATE mention SET silent = 1 WHERE status_id = $1 AND silent = 0;

-- MENTIONS_DELETE: no longer names anybody.
DELETE FROM mention WHERE status_id = $1;

-- MENTION_RESOLVE: whom a name means, for an author ($3). (account, flags, the author blocks it)
SELECT a.id, a.flags, EXISTS (SELECT 1 FROM block WHERE account_id = $3 AND target_id = a.id)
FROM account a WHERE lower(a.username) = lower($1) AND coalesce(a.domain, '') = lower($2);
