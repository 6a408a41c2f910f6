-- REMOTE_GET: one.
SELECT name, size, used_at FROM remote_blob WHERE name = $1;

-- REMOTE_TOTAL: bytes all have.
SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM remote_blob;

-- REMOTE_OLDEST: those looked at longest ago.
SELECT name, size, used_at FROM remote_blob ORDER BY used_at LIMIT $1;

-- REMOTE_PAGE: by name, after one.
SELECT name, size, used_at FROM remote_blob WHERE name > $1 ORDER BY name LIMIT $2;

-- REMOTE_PUT: there, and looked at.
INSERT INTO remote_blob (name, size, used_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET size = $2, used_at = $3;

-- REMOTE_TOUCH: looked at.
UPDATE remote_blob SET used_at = $2 WHERE name = $1;

-- REMOTE_DROP: gone.
DELETE FROM remote_blob WHERE name = $1;
