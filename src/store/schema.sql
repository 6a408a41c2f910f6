-- SCHEMA_VERSION: the newest migration that has run.
SELECT max(version) FROM schema_version;

-- SCHEMA_STEP: notes one that ran.
INSERT INTO schema_version (version, at) VALUES ($1, $2);

-- SCHEMA_COLUMNS [sqlite]: every column of every real table, in order. (table, column, type, place in the primary key or 0)
SELECT t.name, c.name, upper(c.type), c.pk FROM pragma_table_list AS t, pragma_table_info(t.name) AS c
WHERE t.schema = 'main' AND t.type = 'table' AND substr(t.name, 1, 7) <> 'sqlite_'
ORDER BY t.name, c.cid;
-- SCHEMA_COLUMNS [postgres]: the same from the catalogue.
SELECT c.relname, a.attname, upper(format_type(a.atttypid, NULL)),
	coalesce(array_position(i.indkey::int2[], a.attnum), -1) + 1
FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
ORDER BY c.relname, a.attnum;

-- SCHEMA_TRIGGERS [sqlite]: the fingerprint of the change log's triggers that the database keeps.
SELECT 0;
-- SCHEMA_TRIGGERS [postgres]: kept as a comment on the table change.
SELECT coalesce(obj_description('change'::regclass, 'pg_class'), '0')::bigint;
