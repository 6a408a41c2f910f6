-- MEMBER_BY_ID: somebody who can log in.
SELECT account_id, email, new_email, password_hash, role, flags, locale, reason, invite_id, address, settings, last_login_at
FROM member WHERE account_id = $1;

-- MEMBER_BY_EMAIL: the same, by address in any case.
SELECT account_id, email, new_email, password_hash, role, flags, locale, reason, invite_id, address, settings, last_login_at
FROM member WHERE lower(email) = lower($1);

-- MEMBER_INSERT: a new one.
INSERT INTO member (account_id, email, new_email, password_hash, role, flags, locale, reason, invite_id, address, settings, last_login_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- MEMBER_UPDATE: all of it but who.
UPDATE member SET email = $2, new_email = $3, password_hash = $4, role = $5, flags = $6, locale = $7, reason = $8, invite_id = $9,
	address = $10, settings = $11, last_login_at = $12
WHERE account_id = $1;

-- MEMBER_DELETE: can never log in again.
DELETE FROM member WHERE account_id = $1;

-- MEMBER_WITH_ROLE: whether anybody has at least this role.
SELECT account_id FROM member WHERE role >= 1 AND role >= $1 LIMIT 1;

-- MEMBER_COUNT: how many can log in: confirmed and approved, active since $1.
SELECT count(*) FROM member WHERE flags & 3 = 3 AND last_login_at >= $1;

-- MEMBER_OWNER: the first of the owners.
SELECT account_id FROM member WHERE role >= 1 AND role = 3 ORDER BY account_id LIMIT 1;

-- MEMBER_OTHERS_OF_ROLE: how many others than $2 have exactly this role and can log in: confirmed, approved, neither frozen nor suspended.
SELECT count(*) FROM member m JOIN account a ON a.id = m.account_id
WHERE m.role >= 1 AND m.role = $1 AND m.account_id <> $2 AND m.flags & 7 = 3 AND a.flags & 32 = 0;

-- MEMBER_LINES: who there is, in the order they joined.
SELECT m.account_id, a.username, m.email, m.role, m.flags, a.flags
FROM member m JOIN account a ON a.id = m.account_id WHERE m.account_id > $1 ORDER BY m.account_id LIMIT $2;

-- MEMBERS_FOUND: what a moderator looks for, newest first, between $1 and $2. Account flags: all of $3 set, none of $4; member flags: all of $5,
-- none of $6; at least role $7; names, addresses and display names like $8, $9, $10; signed up from $11; invited by $12. Empty and 0: any.
SELECT m.account_id FROM member m JOIN account a ON a.id = m.account_id
WHERE m.account_id > $1 AND m.account_id < $2 AND a.flags & $3 = $3 AND a.flags & $4 = 0 AND m.flags & $5 = $5 AND m.flags & $6 = 0
	AND m.role >= $7 AND ($8 = '' OR lower(a.username) LIKE $8 ESCAPE '!') AND ($9 = '' OR lower(m.email) LIKE $9 ESCAPE '!')
	AND ($10 = '' OR lower(coalesce(a.display_name, '')) LIKE $10 ESCAPE '!') AND ($11 = '' OR m.address = $11)
	AND ($12 = 0 OR EXISTS (SELECT 1 FROM invite i WHERE i.id = m.invite_id AND i.account_id = $12))
ORDER BY m.account_id DESC LIMIT $13;

-- MEMBERS_PENDING: who waits to be let in, newest first, between $1 and $2.
SELECT account_id FROM member WHERE flags & 2 = 0 AND account_id > $1 AND account_id < $2 ORDER BY account_id DESC LIMIT $3;

-- MEMBER_INVITED_BY: whose invite a member came with.
SELECT i.account_id FROM member m JOIN invite i ON i.id = m.invite_id WHERE m.account_id = $1;
