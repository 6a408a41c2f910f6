-- EMOJI_BY_SHORTCODE: one custom emoji and the key of its picture.
SELECT e.id, e.shortcode, m.key, e.category, e.visible FROM emoji e JOIN media m ON m.id = e.media_id WHERE e.shortcode = $1;

-- EMOJI_ALL: all of them, by name.
SELECT e.id, e.shortcode, m.key, e.category, e.visible FROM emoji e JOIN media m ON m.id = e.media_id ORDER BY e.shortcode;
