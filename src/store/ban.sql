-- EMAIL_DOMAIN_BLOCKS: newest first, below $1.
SELECT id, domain FROM email_domain_block WHERE id < $1 ORDER BY id DESC LIMIT $2;

-- EMAIL_DOMAIN_BLOCK_BY_ID: one.
SELECT id, domain FROM email_domain_block WHERE id = $1;

-- EMAIL_DOMAIN_BLOCK_BY_DOMAIN: whether this very name is blocked.
SELECT id FROM email_domain_block WHERE domain = $1;

-- EMAIL_DOMAIN_BLOCK_INSERT: a new one.
INSERT INTO email_domain_block (id, domain) VALUES ($1, $2);

-- EMAIL_DOMAIN_BLOCK_DELETE: lifts one.
DELETE FROM email_domain_block WHERE id = $1;

-- IP_BLOCKS: newest first, below $1.
SELECT id, range, severity, comment, expires_at FROM ip_block WHERE id < $1 ORDER BY id DESC LIMIT $2;

-- IP_BLOCK_BY_ID: one.
SELECT id, range, severity, comment, expires_at FROM ip_block WHERE id = $1;

-- IP_BLOCK_BY_RANGE: whether this very range is blocked.
SELECT id FROM ip_block WHERE range = $1;

-- IP_BLOCK_INSERT: a new one.
INSERT INTO ip_block (id, range, severity, comment, expires_at) VALUES ($1, $2, $3, $4, $5);

-- IP_BLOCK_UPDATE: changes one.
UPDATE ip_block SET range = $2, severity = $3, comment = $4, expires_at = $5 WHERE id = $1;

-- IP_BLOCK_DELETE: lifts one.
DELETE FROM ip_block WHERE id = $1;
