-- BULK_INDEXES [sqlite]: the indexes of a table but its primary key. (what makes it, what drops it)
SELECT sql, 'DROP INDEX ' || name FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL;
-- BULK_INDEXES [postgres]: the same from the catalogue.
SELECT pg_get_indexdef(indexrelid), 'DROP INDEX ' || indexrelid::regclass::text FROM pg_index
WHERE indrelid = to_regclass($1) AND NOT indisprimary;
