-- STATUS_BY_ID: one post or boost.
SELECT id, author_id, flags, reply_to_id, reply_to_author_id, thread_id, boost_of_id, boost_author_id, text, warning, language, app_id, edited_at
FROM status WHERE id = $1;

-- STATUS_BOOST_BY: the boost of a post by an account.
SELECT id FROM status WHERE boost_of_id = $1 AND author_id = $2;

-- STATUS_COUNTS: replies, boosts, favourites of a post.
SELECT replies, boosts, favourites FROM status_count WHERE status_id = $1;

-- STATUS_INSERT: a new post or boost. No ON CONFLICT: it would read the index where all others insert, and PostgreSQL would let few through.
INSERT INTO status (id, author_id, flags, reply_to_id, reply_to_author_id, thread_id, boost_of_id, boost_author_id, text, warning, language, app_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12);

-- STATUS_UPDATE: what an edit changes.
UPDATE status SET flags = $2, text = $3, warning = $4, language = $5, edited_at = $6 WHERE id = $1;

-- STATUS_COUNT_ADD: moves the counters of a post, none below zero.
INSERT INTO status_count AS c (status_id, replies, boosts, favourites)
VALUES ($1, CASE WHEN $2 > 0 THEN $2 ELSE 0 END, CASE WHEN $3 > 0 THEN $3 ELSE 0 END, CASE WHEN $4 > 0 THEN $4 ELSE 0 END)
ON CONFLICT (status_id) DO UPDATE SET
	replies = CASE WHEN c.replies + $2 > 0 THEN c.replies + $2 ELSE 0 END,
	boosts = CASE WHEN c.boosts + $3 > 0 THEN c.boosts + $3 ELSE 0 END,
	favourites = CASE WHEN c.favourites + $4 > 0 THEN c.favourites + $4 ELSE 0 END;

-- STATUS_COUNT_TAKE: moves them down, if the post is there, none below zero.
UPDATE status_count SET
	replies = CASE WHEN replies > $2 THEN replies - $2 ELSE 0 END,
	boosts = CASE WHEN boosts > $3 THEN boosts - $3 ELSE 0 END,
	favourites = CASE WHEN favourites > $4 THEN favourites - $4 ELSE 0 END
WHERE status_id = $1;

-- STATUS_POLICY: what decides whether an account ($2) may see a post ($3) of an author ($1).
SELECT a.flags,
	EXISTS (SELECT 1 FROM block WHERE account_id = $1 AND target_id = $2),
	EXISTS (SELECT 1 FROM follow WHERE account_id = $2 AND target_id = $1),
	EXISTS (SELECT 1 FROM mention WHERE status_id = $3 AND account_id = $2)
FROM account a WHERE a.id = $1;

-- STATUS_DELETE: the row alone.
DELETE FROM status WHERE id = $1;

-- STATUS_DELETE_COUNTS: the counters of a post.
DELETE FROM status_count WHERE status_id = $1;

-- STATUS_OF_ACCOUNT_ADD: moves an account's number of posts; $3 is when it posted, 0 leaves that.
UPDATE account_count SET
	statuses = CASE WHEN statuses + $2 > 0 THEN statuses + $2 ELSE 0 END,
	last_status_at = CASE WHEN last_status_at < $3 THEN $3 ELSE last_status_at END
WHERE account_id = $1;

-- STATUS_BOOSTERS: who boosted a post, newest first. (boost, account)
SELECT id, author_id FROM status WHERE boost_of_id = $1 AND id > $2 AND id < $3 AND flags & 3 < 2 ORDER BY id DESC LIMIT $4;

-- STATUS_BOOSTERS_UP: the same, oldest first.
SELECT id, author_id FROM status WHERE boost_of_id = $1 AND id > $2 AND id < $3 AND flags & 3 < 2 ORDER BY id LIMIT $4;

-- STATUS_ANCESTORS: what a post replies to, upwards, nearest first, at most $2. (post)
WITH RECURSIVE up (id, depth) AS (
	SELECT reply_to_id, 1 FROM status WHERE id = $1
	UNION ALL
	SELECT s.reply_to_id, up.depth + 1 FROM up JOIN status s ON s.id = up.id WHERE up.depth < $2
)
SELECT id FROM up WHERE id IS NOT NULL ORDER BY depth;

-- STATUS_DESCENDANTS: replies to a post and to those, at most $2 deep, at most $3. (post, what it replies to)
WITH RECURSIVE down (id, parent, depth) AS (
	SELECT id, reply_to_id, 1 FROM status WHERE reply_to_id = $1
	UNION ALL
	SELECT s.id, s.reply_to_id, down.depth + 1 FROM down JOIN status s ON s.reply_to_id = down.id WHERE down.depth < $2
)
SELECT id, parent FROM down LIMIT $3;
