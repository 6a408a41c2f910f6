-- SITE_GET: one value of the site table.
SELECT value FROM site WHERE key = $1;

-- SITE_SET: sets one.
INSERT INTO site (key, value) VALUES ($1, $2)
ON CONFLICT (key) DO UPDATE SET value = excluded.value;

-- SITE_DELETE: forgets one.
DELETE FROM site WHERE key = $1;

-- SITE_NEWEST_ID: the newest id of what people see.
SELECT coalesce(max(id), 0) FROM (SELECT max(id) AS id FROM status UNION ALL SELECT max(id) FROM account UNION ALL
	SELECT max(id) FROM notification UNION ALL SELECT max(id) FROM media UNION ALL SELECT max(id) FROM report) AS newest;
