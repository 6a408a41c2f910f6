-- TAG_BY_NAME: a hashtag by its folded name. (id, name, display)
SELECT id, name, display FROM tag WHERE name = $1;

-- TAG_BY_ID: a hashtag. (id, name, display)
SELECT id, name, display FROM tag WHERE id = $1;

-- TAG_INSERT: a new hashtag; another that came first stays.
INSERT INTO tag (id, name, display) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING;

-- TAG_STATUS_INSERT: puts a post under a hashtag.
INSERT INTO status_tag (tag_id, status_id) VALUES ($1, $2) ON CONFLICT (tag_id, status_id) DO NOTHING;

-- TAG_STATUS_DELETE: takes a post from all its hashtags.
DELETE FROM status_tag WHERE status_id = $1;

-- TAGS_OF_STATUS: the hashtags of a post. (id, name, display)
SELECT t.id, t.name, t.display FROM status_tag s JOIN tag t ON t.id = s.tag_id WHERE s.status_id = $1 ORDER BY t.id;

-- TAGS_STARTING: hashtags whose folded name stands in [$1, $2). (id, name, display)
SELECT id, name, display FROM tag WHERE name >= $1 AND name < $2 ORDER BY name LIMIT $3 OFFSET $4;

-- TAG_FOLLOW: an account follows a hashtag.
INSERT INTO tag_follow (account_id, tag_id, id) VALUES ($1, $2, $3) ON CONFLICT (account_id, tag_id) DO NOTHING;

-- TAG_UNFOLLOW: no longer.
DELETE FROM tag_follow WHERE account_id = $1 AND tag_id = $2;

-- TAG_FOLLOWED: when an account began to follow a hashtag.
SELECT id FROM tag_follow WHERE account_id = $1 AND tag_id = $2;

-- TAGS_FOLLOWED: hashtags an account follows, newest first. (cursor, tag)
SELECT id, tag_id FROM tag_follow WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- TAGS_FOLLOWED_UP: the same, oldest first.
SELECT id, tag_id FROM tag_follow WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4;

-- TAG_USES: public posts under a hashtag since an id, by day, of the newest thousand. (day since 1970, posts, accounts)
SELECT (u.id >> 16) / 86400000, count(*), count(DISTINCT u.author_id) FROM (
	SELECT s.id, s.author_id FROM status_tag t JOIN status s ON s.id = t.status_id
	WHERE t.tag_id = $1 AND t.status_id >= $2 AND s.flags & 3 = 0 ORDER BY t.status_id DESC LIMIT 1000
) AS u GROUP BY 1 ORDER BY 1 DESC;
