-- BOOKMARK_INSERT: an account's bookmark of a post; a second time changes nothing.
INSERT INTO bookmark (account_id, status_id, id) VALUES ($1, $2, $3) ON CONFLICT (account_id, status_id) DO NOTHING;

-- BOOKMARK_DELETE: takes it back.
DELETE FROM bookmark WHERE account_id = $1 AND status_id = $2;

-- BOOKMARK_BY: when that account did so.
SELECT id FROM bookmark WHERE account_id = $1 AND status_id = $2;

-- BOOKMARKS_OF: posts an account has as bookmark, newest first. (cursor, post)
SELECT id, status_id FROM bookmark WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- BOOKMARKS_OF_UP: the same, oldest first.
SELECT id, status_id FROM bookmark WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4;
