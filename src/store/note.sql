-- NOTE_PUT: what $1 wrote down about $2.
INSERT INTO note (account_id, target_id, text) VALUES ($1, $2, $3) ON CONFLICT (account_id, target_id) DO UPDATE SET text = excluded.text;

-- NOTE_DELETE: forgets it.
DELETE FROM note WHERE account_id = $1 AND target_id = $2;
