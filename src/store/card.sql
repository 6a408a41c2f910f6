-- CARD_BY_ID: one.
SELECT id, hash, url, state, fetched_at, title, description, author, author_url, provider, language, published, image_url, image_key,
	image_blob, image_type, image_alt, image_width, image_height, blurhash FROM preview_card WHERE id = $1;

-- CARD_BY_HASH: the one of an address.
SELECT id, hash, url, state, fetched_at, title, description, author, author_url, provider, language, published, image_url, image_key,
	image_blob, image_type, image_alt, image_width, image_height, blurhash FROM preview_card WHERE hash = $1;

-- CARD_BY_KEY: the one whose picture has this public name.
SELECT id, hash, url, state, fetched_at, title, description, author, author_url, provider, language, published, image_url, image_key,
	image_blob, image_type, image_alt, image_width, image_height, blurhash FROM preview_card WHERE image_key = $1;

-- CARD_OF_STATUS: the one of a post.
SELECT k.id, k.hash, k.url, k.state, k.fetched_at, k.title, k.description, k.author, k.author_url, k.provider, k.language, k.published,
	k.image_url, k.image_key, k.image_blob, k.image_type, k.image_alt, k.image_width, k.image_height, k.blurhash
FROM status_card s JOIN preview_card k ON k.id = s.card_id WHERE s.status_id = $1;

-- CARD_STATUSES: posts that have it, after one.
SELECT status_id FROM status_card WHERE card_id = $1 AND status_id > $2 ORDER BY status_id LIMIT $3;

-- CARD_NAMES: whether one has that picture.
SELECT count(*) FROM (SELECT 1 FROM preview_card WHERE image_blob = $1 LIMIT 1) AS one;

-- CARD_INSERT: a new one.
INSERT INTO preview_card (id, hash, url, state, fetched_at, image_width, image_height) VALUES ($1, $2, $3, $4, 0, 0, 0)
ON CONFLICT (hash) DO NOTHING;

-- CARD_SET_STATE: how far it is.
UPDATE preview_card SET state = $2, fetched_at = $3 WHERE id = $1;

-- CARD_UPDATE: what its page says.
UPDATE preview_card SET state = $2, fetched_at = $3, title = $4, description = $5, author = $6, author_url = $7, provider = $8,
	language = $9, published = $10, image_url = $11, image_key = $12, image_blob = $13, image_type = $14, image_alt = $15,
	image_width = $16, image_height = $17, blurhash = $18
WHERE id = $1;

-- CARD_LINK: the card of a post.
INSERT INTO status_card (status_id, card_id) VALUES ($1, $2) ON CONFLICT (status_id) DO UPDATE SET card_id = $2;

-- CARD_MARK: the post says that it has one.
UPDATE status SET flags = flags | $2 WHERE id = $1;

-- CARD_LINKED: of a post.
SELECT card_id FROM status_card WHERE status_id = $1;

-- CARD_UNLINK: the post has none.
DELETE FROM status_card WHERE status_id = $1;

-- CARD_DROP: one that no post has.
DELETE FROM preview_card WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM status_card WHERE card_id = $1);
