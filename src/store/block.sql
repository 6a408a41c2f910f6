-- BLOCK_PUT: blocks.
INSERT INTO block (account_id, target_id, id) VALUES ($1, $2, $3) ON CONFLICT (account_id, target_id) DO NOTHING;

-- BLOCK_DELETE: unblocks.
DELETE FROM block WHERE account_id = $1 AND target_id = $2;

-- BLOCKS: whom $1 blocks.
SELECT id, target_id FROM block WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id DESC LIMIT $4;

-- BLOCKS_UP: the same, from the oldest.
SELECT id, target_id FROM block WHERE account_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4;

-- BLOCK_EITHER_WAY: whether one of $1 and $2 blocks the other.
SELECT 1 FROM block WHERE (account_id = $1 AND target_id = $2) OR (account_id = $2 AND target_id = $1) LIMIT 1;
