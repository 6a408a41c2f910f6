-- FAVOURITE_INSERT: an account's favourite of a post; a second time changes nothing.
INSERT INTO favourite (account_id, status_id, id) VALUES ($1, $2, $3) ON CONFLICT (account_id, status_id) DO NOTHING;

-- FAVOURITE_DELETE: takes it back.
DELETE FROM favourite WHERE account_id = $1 AND status_id = $2;

-- FAVOURITE_BY: when that account did so.
SELECT id FROM favourite WHERE account_id = $1 AND status_id = $2;

-- FAVOURITES_OF: posts an account has as favourite, newest first. (cursor, post)
SELECT id, status_id FROM favourite WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- FAVOURITES_OF_UP: the same, oldest first.
SELECT id, status_id FROM favourite WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4;

-- FAVOURITERS: who has a post as favourite, newest first. (cursor, account)
SELECT id, account_id FROM favourite WHERE status_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- FAVOURITERS_UP: the same, oldest first.
SELECT id, account_id FROM favourite WHERE status_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4;
