-- MEDIA_FILE_GET: one file of an attachment.
SELECT media_id, name, blob, type, size FROM media_file WHERE media_id = $1 AND name = $2;

-- MEDIA_FILES: all files of an attachment.
SELECT media_id, name, blob, type, size FROM media_file WHERE media_id = $1 ORDER BY name;

-- MEDIA_FILE_SERVED: a file by the address of its attachment (its key without the ending), only while the account has none of the flags $3.
SELECT f.media_id, f.name, f.blob, f.type, f.size, m.account_id
FROM media m JOIN media_file f ON f.media_id = m.id JOIN account a ON a.id = m.account_id
WHERE m.key IN (CAST($1 AS TEXT) || '.jpg', CAST($1 AS TEXT) || '.png', CAST($1 AS TEXT) || '.webp', CAST($1 AS TEXT) || '.mp4')
	AND f.name = $2 AND a.flags & $3 = 0;

-- MEDIA_FILE_PUT: a file, instead of one of the same name.
INSERT INTO media_file (media_id, name, blob, type, size) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (media_id, name) DO UPDATE SET blob = excluded.blob, type = excluded.type, size = excluded.size;

-- MEDIA_FILE_DELETE: one.
DELETE FROM media_file WHERE media_id = $1 AND name = $2;

-- MEDIA_FILES_DELETE: all of an attachment.
DELETE FROM media_file WHERE media_id = $1;

-- MEDIA_GROW: the attachment's bytes, all its files together.
UPDATE media SET size = size + $2 WHERE id = $1;
