-- MARKER_GET: how far $1 has read the timeline $2.
SELECT last_read_id, version, changed_at FROM marker WHERE account_id = $1 AND timeline = $2;

-- MARKER_PUT: remembers it; the version counts the changes.
INSERT INTO marker (account_id, timeline, last_read_id, version, changed_at) VALUES ($1, $2, $3, 1, $4)
ON CONFLICT (account_id, timeline) DO UPDATE SET last_read_id = excluded.last_read_id, version = marker.version + 1, changed_at = excluded.changed_at;
