-- CONVERSATION_PUT: an account's view of a conversation of direct posts.
INSERT INTO conversation (account_id, thread_id, last_status_id, unread, with_ids) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, thread_id) DO UPDATE SET last_status_id = excluded.last_status_id, unread = excluded.unread, with_ids = excluded.with_ids;

-- CONVERSATION_GET: one. (last_status_id, unread, with_ids)
SELECT last_status_id, unread, with_ids FROM conversation WHERE account_id = $1 AND thread_id = $2;

-- CONVERSATIONS_OF: an account's conversations by their last post, newest first. (last post, thread)
SELECT last_status_id, thread_id FROM conversation WHERE account_id = $1 AND last_status_id > $2 AND last_status_id < $3
ORDER BY last_status_id DESC LIMIT $4;

-- CONVERSATIONS_OF_UP: the same, oldest first.
SELECT last_status_id, thread_id FROM conversation WHERE account_id = $1 AND last_status_id > $2 AND last_status_id < $3
ORDER BY last_status_id LIMIT $4;

-- CONVERSATION_READ: marks it read or unread.
UPDATE conversation SET unread = $3 WHERE account_id = $1 AND thread_id = $2;

-- CONVERSATION_DELETE: an account drops it from its list.
DELETE FROM conversation WHERE account_id = $1 AND thread_id = $2;

-- CONVERSATION_NEWEST: the newest direct post of a conversation, but $3, that an account wrote or is named in.
SELECT s.id FROM status s
WHERE s.thread_id = $2 AND s.flags & 3 = 3 AND s.id <> $3
	AND (s.author_id = $1 OR EXISTS (SELECT 1 FROM mention m WHERE m.status_id = s.id AND m.account_id = $1))
UNION ALL
SELECT s.id FROM status s
WHERE s.id = $2 AND s.flags & 3 = 3 AND s.id <> $3
	AND (s.author_id = $1 OR EXISTS (SELECT 1 FROM mention m WHERE m.status_id = s.id AND m.account_id = $1))
ORDER BY 1 DESC LIMIT 1;
