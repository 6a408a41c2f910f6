-- FOLLOW_GET: one follow.
SELECT id, flags, languages FROM follow WHERE account_id = $1 AND target_id = $2;

-- FOLLOW_PUT: makes a follow, or changes its options; its id stays.
INSERT INTO follow (account_id, target_id, id, flags, languages) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (account_id, target_id) DO UPDATE SET flags = excluded.flags, languages = excluded.languages;

-- FOLLOW_DELETE: ends one.
DELETE FROM follow WHERE account_id = $1 AND target_id = $2;

-- FOLLOW_COUNT_FOLLOWERS: more or fewer followers.
UPDATE account_count SET followers = followers + $2 WHERE account_id = $1;

-- FOLLOW_COUNT_FOLLOWING: more or fewer followed.
UPDATE account_count SET following = following + $2 WHERE account_id = $1;

-- FOLLOWERS: who follows $1, by when they began.
SELECT f.id, f.account_id FROM follow f WHERE f.target_id = $1 AND f.id > $2 AND f.id < $3 ORDER BY f.id DESC LIMIT $4;

-- FOLLOWERS_UP: the same, from the oldest.
SELECT f.id, f.account_id FROM follow f WHERE f.target_id = $1 AND f.id > $2 AND f.id < $3 ORDER BY f.id LIMIT $4;

-- FOLLOWING: whom $1 follows, by when it began.
SELECT f.id, f.target_id FROM follow f WHERE f.account_id = $1 AND f.id > $2 AND f.id < $3 ORDER BY f.id DESC LIMIT $4;

-- FOLLOWING_UP: the same, from the oldest.
SELECT f.id, f.target_id FROM follow f WHERE f.account_id = $1 AND f.id > $2 AND f.id < $3 ORDER BY f.id LIMIT $4;

-- FOLLOW_NOTIFIED: followers of $1 who want to hear of each new post (flag 2), above the account $2.
SELECT account_id FROM follow WHERE target_id = $1 AND flags & 2 <> 0 AND account_id > $2 ORDER BY account_id LIMIT $3;

-- FOLLOW_FAMILIAR: whom $1 follows among the followers of $2.
SELECT mine.target_id FROM follow mine JOIN follow theirs ON theirs.account_id = mine.target_id AND theirs.target_id = $2
WHERE mine.account_id = $1 ORDER BY theirs.id DESC LIMIT $3;

-- FOLLOW_FRIENDS_OF_FRIENDS: whom the 40 people $1 followed last follow most, $1's own follows among them.
SELECT theirs.target_id FROM (SELECT target_id FROM follow WHERE account_id = $1 ORDER BY id DESC LIMIT 40) mine
JOIN follow theirs ON theirs.account_id = mine.target_id
GROUP BY theirs.target_id ORDER BY count(*) DESC, theirs.target_id LIMIT $2;

-- FOLLOW_LATELY_ACTIVE: the most followed among the authors of the newest 500 posts.
SELECT c.account_id FROM account_count c
JOIN (SELECT DISTINCT author_id FROM (SELECT author_id FROM status ORDER BY id DESC LIMIT 500) newest) active ON active.author_id = c.account_id
ORDER BY c.followers DESC, c.account_id LIMIT $1;
