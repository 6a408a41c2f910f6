-- PHONE_GET: an account's.
SELECT hash, state, code_hash, code_until, tries FROM phone WHERE account_id = $1;

-- PHONE_OWNER: who has confirmed a number.
SELECT account_id FROM phone WHERE state = 1 AND hash = $1;

-- PHONE_PUT: what is known of an account's from now on.
INSERT INTO phone (account_id, hash, state, code_hash, code_until, tries) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, state = excluded.state, code_hash = excluded.code_hash,
	code_until = excluded.code_until, tries = excluded.tries;

-- PHONE_DELETE: nothing is known any more.
DELETE FROM phone WHERE account_id = $1;
