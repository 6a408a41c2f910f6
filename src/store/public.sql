-- PUBLIC_OF_AUTHOR: an author's own posts that everybody may see, no replies, no boosts, below $2, newest first.
SELECT id FROM status WHERE author_id = $1 AND id < $2 AND flags & 3 <= 1 AND flags & 768 = 0 ORDER BY id DESC LIMIT $3;

-- PUBLIC_OF_TAG: public posts under a hashtag, below $2, of authors without the flags $3, newest first.
SELECT s.id FROM status_tag t JOIN status s ON s.id = t.status_id JOIN account a ON a.id = s.author_id
WHERE t.tag_id = $1 AND t.status_id < $2 AND s.flags & 3 = 0 AND a.flags & $3 = 0 ORDER BY t.status_id DESC LIMIT $4;
