-- FILTERS_OF: the filters of an account, the oldest first.
SELECT id, account_id, title, contexts, action, expires_at FROM filter WHERE account_id = $1 ORDER BY id;

-- FILTER_KEYWORDS_OF: the keywords of all of them.
SELECT k.id, k.filter_id, k.keyword, k.whole_word FROM filter_keyword k JOIN filter f ON f.id = k.filter_id WHERE f.account_id = $1 ORDER BY k.id;

-- FILTER_STATUSES_OF: the posts of all of them.
SELECT s.id, s.filter_id, s.status_id FROM filter_status s JOIN filter f ON f.id = s.filter_id WHERE f.account_id = $1 ORDER BY s.id;

-- FILTER_PUT: makes or changes one.
INSERT INTO filter (id, account_id, title, contexts, action, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (id) DO UPDATE SET title = excluded.title, contexts = excluded.contexts, action = excluded.action, expires_at = excluded.expires_at;

-- FILTER_KEYWORD_PUT: makes or changes a keyword.
INSERT INTO filter_keyword (id, filter_id, keyword, whole_word) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET keyword = excluded.keyword, whole_word = excluded.whole_word;

-- FILTER_STATUS_PUT: adds a post.
INSERT INTO filter_status (id, filter_id, status_id) VALUES ($1, $2, $3);

-- FILTER_KEYWORD_DELETE: takes a keyword out.
DELETE FROM filter_keyword WHERE id = $1;

-- FILTER_STATUS_DELETE: takes a post out.
DELETE FROM filter_status WHERE id = $1;

-- FILTER_KEYWORD_DELETE_ALL: takes all keywords out of one.
DELETE FROM filter_keyword WHERE filter_id = $1;

-- FILTER_STATUS_DELETE_ALL: takes all posts out of one.
DELETE FROM filter_status WHERE filter_id = $1;

-- FILTER_DELETE: ends one.
DELETE FROM filter WHERE id = $1;
