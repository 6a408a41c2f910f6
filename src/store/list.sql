-- LISTS_OF: the lists of an account, by title.
SELECT id, title, replies, exclusive FROM list WHERE account_id = $1 ORDER BY lower(title), id;

-- LISTS_WITH: those of them that $2 is on.
SELECT l.id, l.title, l.replies, l.exclusive FROM list l JOIN list_member m ON m.list_id = l.id AND m.account_id = $2
WHERE l.account_id = $1 ORDER BY lower(l.title), l.id;

-- LIST_GET: one list of an account.
SELECT id, title, replies, exclusive FROM list WHERE id = $1 AND account_id = $2;

-- LIST_COUNT: how many an account has.
SELECT count(*) FROM list WHERE account_id = $1;

-- LIST_PUT: makes or changes a list.
INSERT INTO list (id, account_id, title, replies, exclusive) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, replies = excluded.replies, exclusive = excluded.exclusive;

-- LIST_DELETE: ends a list.
DELETE FROM list WHERE id = $1;

-- LIST_EMPTY: takes all from a list.
DELETE FROM list_member WHERE list_id = $1;

-- LIST_MEMBERS: who is on a list, newest first.
SELECT id, account_id FROM list_member WHERE list_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- LIST_MEMBERS_UP: the same, from the oldest.
SELECT id, account_id FROM list_member WHERE list_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4;

-- LIST_MEMBER_HAS: whether $2 is on the list.
SELECT 1 FROM list_member WHERE list_id = $1 AND account_id = $2;

-- LIST_MEMBER_PUT: puts somebody on a list.
INSERT INTO list_member (list_id, account_id, id) VALUES ($1, $2, $3) ON CONFLICT (list_id, account_id) DO NOTHING;

-- LIST_MEMBER_DELETE: takes somebody off.
DELETE FROM list_member WHERE list_id = $1 AND account_id = $2;

-- LIST_MEMBER_DELETE_ALL: takes $2 off all lists of $1, who no longer follows.
DELETE FROM list_member WHERE account_id = $2 AND list_id IN (SELECT id FROM list WHERE account_id = $1);
