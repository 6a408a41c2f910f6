-- What the memory of feeds (feed/) is filled from. An entry is: id, author_id, flags, reply_to_author_id, thread_id, boost_of_id,
-- boost_author_id, language. 1568 = ACCOUNT_GONE: what such accounts wrote is not there.

-- FEED_OF_AUTHORS [sqlite]: of each author in the list $1 ("1,2,3") the newest $3 + 1 entries below $2.
SELECT s.id, s.author_id, s.flags, s.reply_to_author_id, s.thread_id, s.boost_of_id, s.boost_author_id, s.language
FROM json_each('[' || $1 || ']') w
CROSS JOIN account a ON a.id = w.value AND a.flags & 1568 = 0
CROSS JOIN status s ON s.author_id = a.id AND s.id < $2
	AND s.id >= coalesce((SELECT k.id FROM status k WHERE k.author_id = a.id AND k.id < $2 ORDER BY k.id DESC LIMIT 1 OFFSET $3), 0);
-- FEED_OF_AUTHORS [postgres]: the same.
SELECT s.id, s.author_id, s.flags, s.reply_to_author_id, s.thread_id, s.boost_of_id, s.boost_author_id, s.language
FROM unnest(string_to_array($1, ',')::bigint[]) w(id)
JOIN account a ON a.id = w.id AND a.flags & 1568 = 0
CROSS JOIN LATERAL (SELECT * FROM status k WHERE k.author_id = w.id AND k.id < $2 ORDER BY k.id DESC LIMIT $3::bigint + 1) s;

-- FEED_OF_AUTHORS_ABOVE [sqlite]: of each author in the list $1 the oldest $3 + 1 entries above $2.
SELECT s.id, s.author_id, s.flags, s.reply_to_author_id, s.thread_id, s.boost_of_id, s.boost_author_id, s.language
FROM json_each('[' || $1 || ']') w
CROSS JOIN account a ON a.id = w.value AND a.flags & 1568 = 0
CROSS JOIN status s ON s.author_id = a.id AND s.id > $2
	AND s.id <= coalesce((SELECT k.id FROM status k WHERE k.author_id = a.id AND k.id > $2 ORDER BY k.id LIMIT 1 OFFSET $3), 9223372036854775807);
-- FEED_OF_AUTHORS_ABOVE [postgres]: the same.
SELECT s.id, s.author_id, s.flags, s.reply_to_author_id, s.thread_id, s.boost_of_id, s.boost_author_id, s.language
FROM unnest(string_to_array($1, ',')::bigint[]) w(id)
JOIN account a ON a.id = w.id AND a.flags & 1568 = 0
CROSS JOIN LATERAL (SELECT * FROM status k WHERE k.author_id = w.id AND k.id > $2 ORDER BY k.id LIMIT $3::bigint + 1) s;

-- FEED_OF_TAG: the newest public posts with a hashtag, below an id.
SELECT s.id, s.author_id, s.flags, s.reply_to_author_id, s.thread_id, s.boost_of_id, s.boost_author_id, s.language
FROM status_tag t JOIN status s ON s.id = t.status_id JOIN account a ON a.id = s.author_id
WHERE t.tag_id = $1 AND t.status_id < $2 AND s.flags & 3 = 0 AND a.flags & 1568 = 0
ORDER BY t.status_id DESC LIMIT $3;

-- FEED_OF_TAG_ABOVE: the oldest above an id.
SELECT s.id, s.author_id, s.flags, s.reply_to_author_id, s.thread_id, s.boost_of_id, s.boost_author_id, s.language
FROM status_tag t JOIN status s ON s.id = t.status_id JOIN account a ON a.id = s.author_id
WHERE t.tag_id = $1 AND t.status_id > $2 AND s.flags & 3 = 0 AND a.flags & 1568 = 0
ORDER BY t.status_id LIMIT $3;

-- FEED_OF_PUBLIC: the newest public posts that are neither boosts nor replies to others, below an id.
SELECT s.id, s.author_id, s.flags, s.reply_to_author_id, s.thread_id, s.boost_of_id, s.boost_author_id, s.language
FROM status s JOIN account a ON a.id = s.author_id
WHERE s.id < $1 AND s.flags & 515 = 0 AND (s.flags & 256 = 0 OR s.reply_to_author_id = s.author_id) AND a.flags & 1568 = 0
ORDER BY s.id DESC LIMIT $2;

-- FEED_OF_PUBLIC_ABOVE: the oldest above an id.
SELECT s.id, s.author_id, s.flags, s.reply_to_author_id, s.thread_id, s.boost_of_id, s.boost_author_id, s.language
FROM status s JOIN account a ON a.id = s.author_id
WHERE s.id > $1 AND s.flags & 515 = 0 AND (s.flags & 256 = 0 OR s.reply_to_author_id = s.author_id) AND a.flags & 1568 = 0
ORDER BY s.id LIMIT $2;

-- FEED_ENTRY: one post or boost; nothing when its author is gone.
SELECT s.id, s.author_id, s.flags, s.reply_to_author_id, s.thread_id, s.boost_of_id, s.boost_author_id, s.language, s.reply_to_id
FROM status s JOIN account a ON a.id = s.author_id
WHERE s.id = $1 AND a.flags & 1568 = 0;

-- FEED_TAGS_OF: the hashtags of a post.
SELECT tag_id FROM status_tag WHERE status_id = $1;

-- FEED_TAG_BY_NAME: the hashtag of a folded name.
SELECT id FROM tag WHERE name = $1;

-- READER_FOLLOWS: whom an account follows, and how.
SELECT target_id, flags, languages FROM follow WHERE account_id = $1 ORDER BY target_id;

-- READER_BLOCKS: whom an account blocks.
SELECT target_id FROM block WHERE account_id = $1 ORDER BY target_id;

-- READER_BLOCKED_BY: who blocks it.
SELECT account_id FROM block WHERE target_id = $1 ORDER BY account_id;

-- READER_MUTES: whom an account mutes, and until when.
SELECT target_id, expires_at FROM mute WHERE account_id = $1 ORDER BY target_id;

-- READER_THREAD_MUTES: the conversations it has muted.
SELECT thread_id FROM thread_mute WHERE account_id = $1 ORDER BY thread_id;

-- READER_TAGS: the hashtags it follows.
SELECT tag_id FROM tag_follow WHERE account_id = $1 ORDER BY tag_id;

-- READER_EXCLUSIVE: the members of its lists that keep their posts out of home.
SELECT DISTINCT m.account_id FROM list l JOIN list_member m ON m.list_id = l.id
WHERE l.account_id = $1 AND l.exclusive <> 0 ORDER BY 1;

-- READER_FILTERS: its filters.
SELECT id, contexts, action, expires_at, title FROM filter WHERE account_id = $1 ORDER BY id;

-- READER_FILTER_WORDS: their keywords.
SELECT k.filter_id, k.keyword, k.whole_word FROM filter_keyword k JOIN filter f ON f.id = k.filter_id
WHERE f.account_id = $1 ORDER BY k.filter_id, k.id;

-- READER_FILTER_STATUSES: the posts they name.
SELECT s.filter_id, s.status_id FROM filter_status s JOIN filter f ON f.id = s.filter_id
WHERE f.account_id = $1 ORDER BY s.filter_id, s.status_id;

-- READERS_ABOUT [sqlite]: what stands between the accounts in the list $1 and a post: of the accounts in $2, in the conversations in $3, with
-- the hashtags in $4. (account; what: enum about of feed/audience.c; whom or which; flags of a follow or end of a mute; languages)
SELECT f.account_id, 0, f.target_id, f.flags, f.languages
FROM json_each('[' || $2 || ']') o CROSS JOIN json_each('[' || $1 || ']') v
CROSS JOIN follow f ON f.account_id = v.value AND f.target_id = o.value
UNION ALL SELECT b.account_id, 1, b.target_id, 0, NULL
FROM json_each('[' || $2 || ']') o CROSS JOIN json_each('[' || $1 || ']') v
CROSS JOIN block b ON b.account_id = v.value AND b.target_id = o.value
UNION ALL SELECT b.target_id, 2, b.account_id, 0, NULL
FROM json_each('[' || $2 || ']') o CROSS JOIN json_each('[' || $1 || ']') v
CROSS JOIN block b ON b.account_id = o.value AND b.target_id = v.value
UNION ALL SELECT m.account_id, 3, m.target_id, m.expires_at, NULL
FROM json_each('[' || $2 || ']') o CROSS JOIN json_each('[' || $1 || ']') v
CROSS JOIN mute m ON m.account_id = v.value AND m.target_id = o.value
UNION ALL SELECT m.account_id, 4, m.thread_id, 0, NULL
FROM json_each('[' || $3 || ']') o CROSS JOIN json_each('[' || $1 || ']') v
CROSS JOIN thread_mute m ON m.account_id = v.value AND m.thread_id = o.value
UNION ALL SELECT t.account_id, 5, t.tag_id, 0, NULL
FROM json_each('[' || $4 || ']') o CROSS JOIN json_each('[' || $1 || ']') v
CROSS JOIN tag_follow t ON t.account_id = v.value AND t.tag_id = o.value
UNION ALL SELECT l.account_id, 6, m.account_id, 0, NULL
FROM json_each('[' || $1 || ']') v CROSS JOIN list l ON l.account_id = v.value AND l.exclusive <> 0
CROSS JOIN list_member m ON m.list_id = l.id AND m.account_id IN (SELECT value FROM json_each('[' || $2 || ']'))
UNION ALL SELECT f.account_id, 7, f.id, 0, NULL
FROM json_each('[' || $1 || ']') v CROSS JOIN filter f ON f.account_id = v.value;
-- READERS_ABOUT [postgres]: the same.
SELECT account_id, 0, target_id, flags, languages FROM follow
WHERE account_id = ANY(string_to_array($1, ',')::bigint[]) AND target_id = ANY(string_to_array($2, ',')::bigint[])
UNION ALL SELECT account_id, 1, target_id, 0, NULL FROM block
WHERE account_id = ANY(string_to_array($1, ',')::bigint[]) AND target_id = ANY(string_to_array($2, ',')::bigint[])
UNION ALL SELECT target_id, 2, account_id, 0, NULL FROM block
WHERE target_id = ANY(string_to_array($1, ',')::bigint[]) AND account_id = ANY(string_to_array($2, ',')::bigint[])
UNION ALL SELECT account_id, 3, target_id, expires_at, NULL FROM mute
WHERE account_id = ANY(string_to_array($1, ',')::bigint[]) AND target_id = ANY(string_to_array($2, ',')::bigint[])
UNION ALL SELECT account_id, 4, thread_id, 0, NULL FROM thread_mute
WHERE account_id = ANY(string_to_array($1, ',')::bigint[]) AND thread_id = ANY(string_to_array($3, ',')::bigint[])
UNION ALL SELECT account_id, 5, tag_id, 0, NULL FROM tag_follow
WHERE account_id = ANY(string_to_array($1, ',')::bigint[]) AND tag_id = ANY(string_to_array($4, ',')::bigint[])
UNION ALL SELECT l.account_id, 6, m.account_id, 0, NULL FROM list l JOIN list_member m ON m.list_id = l.id
WHERE l.account_id = ANY(string_to_array($1, ',')::bigint[]) AND l.exclusive <> 0 AND m.account_id = ANY(string_to_array($2, ',')::bigint[])
UNION ALL SELECT account_id, 7, id, 0, NULL FROM filter WHERE account_id = ANY(string_to_array($1, ',')::bigint[]);

-- FOLLOWERS_AMONG [sqlite]: of the accounts in the list $1, those that follow $2, or with $3 any hashtag.
SELECT v.value FROM json_each('[' || $1 || ']') v
WHERE EXISTS (SELECT 1 FROM follow WHERE account_id = v.value AND target_id = $2)
	OR ($3 <> 0 AND EXISTS (SELECT 1 FROM tag_follow WHERE account_id = v.value));
-- FOLLOWERS_AMONG [postgres]: the same.
SELECT v.id FROM unnest(string_to_array($1, ',')::bigint[]) v(id)
WHERE EXISTS (SELECT 1 FROM follow WHERE account_id = v.id AND target_id = $2::bigint)
	OR ($3::bigint <> 0 AND EXISTS (SELECT 1 FROM tag_follow WHERE account_id = v.id));

-- ACTED_ON [sqlite]: of the accounts in the list $1, those that favoured, kept, boosted or voted in the post $2.
SELECT v.value FROM json_each('[' || $1 || ']') v
WHERE EXISTS (SELECT 1 FROM favourite WHERE account_id = v.value AND status_id = $2)
	OR EXISTS (SELECT 1 FROM bookmark WHERE account_id = v.value AND status_id = $2)
	OR EXISTS (SELECT 1 FROM status WHERE boost_of_id = $2 AND author_id = v.value)
	OR EXISTS (SELECT 1 FROM poll_vote WHERE status_id = $2 AND account_id = v.value);
-- ACTED_ON [postgres]: the same.
SELECT v.id FROM unnest(string_to_array($1, ',')::bigint[]) v(id)
WHERE EXISTS (SELECT 1 FROM favourite WHERE account_id = v.id AND status_id = $2::bigint)
	OR EXISTS (SELECT 1 FROM bookmark WHERE account_id = v.id AND status_id = $2::bigint)
	OR EXISTS (SELECT 1 FROM status WHERE boost_of_id = $2::bigint AND author_id = v.id)
	OR EXISTS (SELECT 1 FROM poll_vote WHERE status_id = $2::bigint AND account_id = v.id);

-- READER_LIST: a list and whose it is.
SELECT account_id, replies FROM list WHERE id = $1;

-- READER_LIST_MEMBERS: its members.
SELECT account_id FROM list_member WHERE list_id = $1 ORDER BY account_id;

-- ACTS_FAVOURITES: the newest posts an account favoured.
SELECT status_id FROM favourite WHERE account_id = $1 ORDER BY status_id DESC LIMIT $2;

-- ACTS_BOOKMARKS: the newest posts it bookmarked.
SELECT status_id FROM bookmark WHERE account_id = $1 ORDER BY status_id DESC LIMIT $2;

-- ACTS_BOOSTS: its newest posts, and what they boost: a boost is newer than its post, so posts above the last row were boosted only here.
SELECT id, boost_of_id FROM status WHERE author_id = $1 ORDER BY id DESC LIMIT $2;

-- ACTS_PINS: the posts it pinned.
SELECT status_id FROM pin WHERE account_id = $1 ORDER BY status_id;

-- ACTS_VOTES: its newest votes.
SELECT status_id, choice FROM poll_vote WHERE account_id = $1 ORDER BY status_id DESC, choice DESC LIMIT $2;

-- ACT_OF: what an account did to one post: favourited, bookmarked, boosted.
SELECT (SELECT count(*) FROM favourite WHERE account_id = $1 AND status_id = $2),
	(SELECT count(*) FROM bookmark WHERE account_id = $1 AND status_id = $2),
	(SELECT count(*) FROM status WHERE boost_of_id = $2 AND author_id = $1);

-- ACT_VOTES_OF: its votes in one poll.
SELECT choice FROM poll_vote WHERE status_id = $2 AND account_id = $1 ORDER BY choice;

-- FEED_STATUS_THERE: whether a post still exists: rows of replies keep what they replied to.
SELECT count(*) FROM status WHERE id = $1;

-- FEED_COUNTED [sqlite]: the accounts whose counters the journal entry $1 changed.
SELECT DISTINCT json_extract(image, '$[0]') FROM change WHERE seq = $1 AND tbl = 'account_count' AND image LIKE '[%';
-- FEED_COUNTED [postgres]: the same.
SELECT DISTINCT (image::json->>0)::bigint FROM change WHERE seq = $1 AND tbl = 'account_count' AND image LIKE '[%';

-- FEED_REPLIES_OF: the replies to a post, which may be deleted.
SELECT id FROM status WHERE reply_to_id = $1;
