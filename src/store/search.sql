-- SEARCH_STATUS_PUT [sqlite]: a post and its words, with spaces between.
INSERT OR REPLACE INTO status_search (rowid, words) VALUES ($1, $2);
-- SEARCH_STATUS_PUT [postgres]: the same.
INSERT INTO status_search (status_id, words) VALUES ($1, array_to_tsvector(string_to_array($2, ' ')))
ON CONFLICT (status_id) DO UPDATE SET words = excluded.words;

-- SEARCH_STATUS_DROP [sqlite]: a post that is no more.
DELETE FROM status_search WHERE rowid = $1;
-- SEARCH_STATUS_DROP [postgres]: a post that is no more.
DELETE FROM status_search WHERE status_id = $1;

-- SEARCH_STATUSES [sqlite]: posts that had all the words when they were read, newest first.
SELECT rowid FROM status_search WHERE status_search MATCH $1 AND rowid > $2 AND rowid < $3 ORDER BY rowid DESC LIMIT $4;
-- SEARCH_STATUSES [postgres]: the same.
SELECT status_id FROM status_search WHERE words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND status_id > $2 AND status_id < $3 ORDER BY status_id DESC LIMIT $4;

-- SEARCH_INTERACTED: whether an account ($2) favourited, bookmarked, boosted, answered, voted in or is named in a post ($1).
SELECT 1 WHERE EXISTS (SELECT 1 FROM favourite WHERE account_id = $2 AND status_id = $1)
OR EXISTS (SELECT 1 FROM bookmark WHERE account_id = $2 AND status_id = $1)
OR EXISTS (SELECT 1 FROM mention WHERE status_id = $1 AND account_id = $2)
OR EXISTS (SELECT 1 FROM status WHERE boost_of_id = $1 AND author_id = $2)
OR EXISTS (SELECT 1 FROM status WHERE reply_to_id = $1 AND author_id = $2)
OR EXISTS (SELECT 1 FROM poll_vote WHERE status_id = $1 AND account_id = $2);

-- SEARCH_ACCOUNT_PUT: one word of an account's names.
INSERT INTO account_search (word, account_id) VALUES ($1, $2) ON CONFLICT (word, account_id) DO NOTHING;

-- SEARCH_ACCOUNT_DROP: all its words.
DELETE FROM account_search WHERE account_id = $1;

-- SEARCH_ACCOUNTS: accounts with a word in [$1, $2).
SELECT DISTINCT account_id FROM (SELECT account_id FROM account_search WHERE word >= $1 AND word < $2 LIMIT $3) AS w;

-- SEARCH_FILL_STATUSES: posts after an id, oldest first.
SELECT id FROM status WHERE id > $1 AND boost_of_id IS NULL ORDER BY id LIMIT $2;

-- SEARCH_FILL_ACCOUNTS: accounts after an id, oldest first.
SELECT id FROM account WHERE id > $1 ORDER BY id LIMIT $2;

-- SEARCH_EMPTY: whether there are accounts but no words of any.
SELECT 1 WHERE EXISTS (SELECT 1 FROM account) AND NOT EXISTS (SELECT 1 FROM account_search);
