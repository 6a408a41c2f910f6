-- PIN_INSERT: a post at the top of its author's profile; a second time changes nothing.
INSERT INTO pin (account_id, status_id, id) VALUES ($1, $2, $3) ON CONFLICT (account_id, status_id) DO NOTHING;

-- PIN_DELETE: no longer.
DELETE FROM pin WHERE account_id = $1 AND status_id = $2;

-- PIN_BY: when it was pinned.
SELECT id FROM pin WHERE account_id = $1 AND status_id = $2;

-- PIN_COUNT: how many an account has.
SELECT count(*) FROM pin WHERE account_id = $1;

-- PINS_OF: an account's pinned posts, the last pinned first. (post)
SELECT status_id FROM pin WHERE account_id = $1 ORDER BY id DESC;
