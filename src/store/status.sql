-- STATUS_BY_ID: one post or boost.
SELECT id, author_id, flags, reply_to_id, reply_to_author_id, thread_id, boost_of_id, boost_author_id, text, warning, language, app_id, edited_at
FROM status WHERE id = $1;

-- STATUS_BOOST_BY: the boost of a post by an account.
SELECT id FROM status WHERE boost_of_id = $1 AND author_id = $2;

-- STATUS_COUNTS: replies, boosts, favourites of a post.
SELECT replies, boosts, favourites FROM status_count WHERE status_id = $1;

-- STATUS_INSERT: a new post or boost.
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

-- STATUS_POLICY: what decides whether an account ($2) may see a post ($3) of an author ($1).
SELECT a.flags,
	EXISTS (SELECT 1 FROM block WHERE account_id = $1 AND target_id = $2),
	EXISTS (SELECT 1 FROM follow WHERE account_id = $2 AND target_id = $1),
	EXISTS (SELECT 1 FROM mention WHERE status_id = $3 AND account_id = $2)
FROM account a WHERE a.id = $1;
