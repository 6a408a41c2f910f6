-- ACCOUNT_BY_ID: one account with its counters.
SELECT a.id, a.username, a.domain, a.display_name, a.note, a.fields, a.avatar, a.header, a.flags, a.changed_at,
	coalesce(c.statuses, 0), coalesce(c.followers, 0), coalesce(c.following, 0), coalesce(c.last_status_at, 0)
FROM account a LEFT JOIN account_count c ON c.account_id = a.id
WHERE a.id = $1;

-- ACCOUNT_BY_NAME: the same, by name in any case; the domain is empty for ours.
SELECT a.id, a.username, a.domain, a.display_name, a.note, a.fields, a.avatar, a.header, a.flags, a.changed_at,
	coalesce(c.statuses, 0), coalesce(c.followers, 0), coalesce(c.following, 0), coalesce(c.last_status_at, 0)
FROM account a LEFT JOIN account_count c ON c.account_id = a.id
WHERE lower(a.username) = lower($1) AND coalesce(a.domain, '') = $2;

-- ACCOUNT_ID_BY_NAME: only who it is.
SELECT id FROM account WHERE lower(username) = lower($1) AND coalesce(domain, '') = $2;

-- ACCOUNT_FLAGS: only the flags.
SELECT flags FROM account WHERE id = $1;

-- ACCOUNT_INSERT: a new account; ACCOUNT_COUNT_INSERT goes with it.
INSERT INTO account (id, username, domain, display_name, note, fields, avatar, header, flags, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- ACCOUNT_COUNT_INSERT: its counters, all zero.
INSERT INTO account_count (account_id, statuses, followers, following, last_status_at) VALUES ($1, 0, 0, 0, 0);

-- ACCOUNT_UPDATE: the profile as a whole.
UPDATE account SET display_name = $2, note = $3, fields = $4, avatar = $5, header = $6, flags = $7, changed_at = $8
WHERE id = $1;

-- ACCOUNT_FLAGS_SET: sets the bits of $2 and keeps only those of $3.
UPDATE account SET flags = (flags | $2) & $3, changed_at = $4 WHERE id = $1;

-- ACCOUNT_DIRECTORY_ACTIVE: ours that want to be found, most recently active first; $1 are bits that must not be set.
SELECT a.id FROM account_count c CROSS JOIN account a
WHERE a.id = c.account_id AND a.domain IS NULL AND a.flags & 4 <> 0 AND a.flags & $1 = 0
ORDER BY c.last_status_at DESC, c.account_id DESC LIMIT $2 OFFSET $3;

-- ACCOUNT_DIRECTORY_NEW: the same, newest first.
SELECT a.id FROM account a
WHERE a.domain IS NULL AND a.flags & 4 <> 0 AND a.flags & $1 = 0
ORDER BY a.id DESC LIMIT $2 OFFSET $3;

-- ACCOUNT_TOTAL_STATUSES: posts of all.
SELECT CAST(coalesce(sum(statuses), 0) AS BIGINT) FROM account_count;
