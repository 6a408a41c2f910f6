-- EMOJI_BY_SHORTCODE: one custom emoji and the key of its picture.
SELECT e.id, e.shortcode, m.key, e.category, e.visible FROM emoji e JOIN media m ON m.id = e.media_id WHERE e.shortcode = $1;

-- EMOJI_BY_ID: the same, by its id.
SELECT e.id, e.shortcode, m.key, e.category, e.visible FROM emoji e JOIN media m ON m.id = e.media_id WHERE e.id = $1;

-- EMOJI_ALL: all of them, by name.
SELECT e.id, e.shortcode, m.key, e.category, e.visible FROM emoji e JOIN media m ON m.id = e.media_id ORDER BY e.shortcode;

-- EMOJI_INSERT: a new one.
INSERT INTO emoji (id, shortcode, media_id, category, visible) VALUES ($1, $2, $3, $4, $5);

-- EMOJI_UPDATE: what pickers do with one.
UPDATE emoji SET category = $2, visible = $3 WHERE id = $1;

-- EMOJI_DELETE: the row.
DELETE FROM emoji WHERE id = $1;
