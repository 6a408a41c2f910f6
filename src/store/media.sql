-- MEDIA_BY_ID: one.
SELECT id, account_id, status_id, position, kind, key, blob, preview_blob, type, size, meta, description, state, stage, percent, error, source_blob, source_size FROM media WHERE id = $1;

-- MEDIA_BY_KEY: one, by its public name.
SELECT id, account_id, status_id, position, kind, key, blob, preview_blob, type, size, meta, description, state, stage, percent, error, source_blob, source_size FROM media WHERE key = $1;

-- MEDIA_SERVED: the same, only while its account has none of the flags $2; what is no account's is always served.
SELECT m.id, m.account_id, m.status_id, m.position, m.kind, m.key, m.blob, m.preview_blob, m.type, m.size, m.meta, m.description,
	m.state, m.stage, m.percent, m.error, m.source_blob, m.source_size
FROM media m LEFT JOIN account a ON a.id = m.account_id WHERE m.key = $1 AND (m.account_id = 0 OR a.flags & $2 = 0);

-- MEDIA_OF_STATUS: the attachments of a post in their order.
SELECT id, account_id, status_id, position, kind, key, blob, preview_blob, type, size, meta, description, state, stage, percent, error, source_blob, source_size FROM media
WHERE status_id = $1 ORDER BY position, id;

-- MEDIA_OF_ACCOUNT: ids of all an account has.
SELECT id FROM media WHERE account_id = $1;

-- MEDIA_ID_BY_KEY: only who it is.
SELECT id FROM media WHERE key = $1;

-- MEDIA_USAGE: bytes an account holds.
SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM media WHERE account_id = $1;

-- MEDIA_TOTAL: bytes all media hold.
SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM media;

-- MEDIA_INSERT: a new one, attached to nothing.
INSERT INTO media (id, account_id, status_id, position, kind, key, blob, preview_blob, type, size, meta, description, loose_at, state, stage, source_blob, source_size)
VALUES ($1, $2, NULL, 0, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15);

-- MEDIA_UPDATE: what its owner may change.
UPDATE media SET meta = $2, description = $3 WHERE id = $1;

-- MEDIA_PROGRESS: how far its making is.
UPDATE media SET state = $2, stage = $3, percent = $4, error = $5 WHERE id = $1;

-- MEDIA_BECOME: what it turned out to be.
UPDATE media SET kind = $2, meta = $3 WHERE id = $1;

-- MEDIA_SOURCE_DONE: its source is not needed any more.
UPDATE media SET source_blob = NULL, source_size = 0, size = size - source_size WHERE id = $1;

-- MEDIA_ATTACH: gives an attachment of the account to a post.
UPDATE media SET status_id = $3, position = $4, loose_at = NULL
WHERE id = $1 AND account_id = $2 AND kind < 16 AND (status_id IS NULL OR status_id = $3);

-- MEDIA_DELETE: the row.
DELETE FROM media WHERE id = $1;

-- MEDIA_RELEASE: takes one off its post, under another key.
UPDATE media SET status_id = NULL, key = $2, loose_at = $3 WHERE id = $1;

-- MEDIA_LOOSE: attachments that no post has since before $1.
SELECT id FROM media WHERE loose_at IS NOT NULL AND loose_at < $1 ORDER BY loose_at LIMIT $2;

-- BLOB_USE: counts one use more; not while it is being removed.
INSERT INTO blob (hash, size, uses) VALUES ($1, $2, 1)
ON CONFLICT (hash) DO UPDATE SET uses = blob.uses + 1 WHERE blob.uses >= 0;

-- BLOB_EXPECT: bytes that may come, and nobody names yet.
INSERT INTO blob (hash, size, uses) VALUES ($1, $2, 0) ON CONFLICT (hash) DO NOTHING;

-- BLOB_UNUSE: counts one use less.
UPDATE blob SET uses = uses - 1 WHERE hash = $1 AND uses > 0;

-- BLOB_UNUSED: blobs that nobody names, or whose removal was begun.
SELECT hash FROM blob WHERE uses <= 0 LIMIT $1;

-- BLOB_CLAIM: begins a removal.
UPDATE blob SET uses = -1 WHERE hash = $1 AND uses <= 0;

-- BLOB_FORGET: ends it.
DELETE FROM blob WHERE hash = $1 AND uses = -1;

-- BLOB_BETWEEN: the rows of names from $1 to $2.
SELECT hash FROM blob WHERE hash >= $1 AND hash <= $2 ORDER BY hash;

-- BLOB_ADOPT: a row for bytes that have none and that nobody uses.
INSERT INTO blob (hash, size, uses) VALUES ($1, $2, 0) ON CONFLICT (hash) DO NOTHING;

-- BLOB_PAGE: names of blobs in use, after one.
SELECT hash FROM blob WHERE hash > $1 AND uses > 0 ORDER BY hash LIMIT $2;

-- BLOBS_OF_EMOJI: the bytes of emoji older than $1, the newest first. (place, media, its bytes, an older preview, a file)
SELECT e.id, m.id, m.blob, m.preview_blob, f.blob
FROM (SELECT id, media_id FROM emoji WHERE id < $1 ORDER BY id DESC LIMIT $2) AS e
LEFT JOIN media AS m ON m.id = e.media_id LEFT JOIN media_file AS f ON f.media_id = m.id ORDER BY e.id DESC, m.id DESC;

-- BLOBS_OF_FACES: of the avatars and headers of accounts older than $1.
SELECT a.id, m.id, m.blob, m.preview_blob, f.blob
FROM (SELECT id, avatar, header FROM account WHERE id < $1 ORDER BY id DESC LIMIT $2) AS a
LEFT JOIN media AS m ON m.key IN (a.avatar, a.header) LEFT JOIN media_file AS f ON f.media_id = m.id ORDER BY a.id DESC, m.id DESC;

-- BLOBS_OF_MEDIA: of all media older than $1.
SELECT m.id, m.id, m.blob, m.preview_blob, f.blob
FROM (SELECT id, blob, preview_blob FROM media WHERE id < $1 ORDER BY id DESC LIMIT $2) AS m
LEFT JOIN media_file AS f ON f.media_id = m.id ORDER BY m.id DESC;

-- BLOB_USES: of one.
SELECT uses FROM blob WHERE hash = $1;

-- BLOB_MEDIA: the public names of what a blob is for, and whose they are.
SELECT m.key, a.username FROM media m JOIN account a ON a.id = m.account_id
WHERE m.blob = $1 OR m.preview_blob = $1 OR m.source_blob = $1
UNION
SELECT m.key, a.username FROM media_file f JOIN media m ON m.id = f.media_id JOIN account a ON a.id = m.account_id WHERE f.blob = $1
LIMIT 10;
