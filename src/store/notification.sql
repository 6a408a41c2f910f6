-- NOTIFICATION_PUT: writes one, once per journal entry.
INSERT INTO notification (id, account_id, kind, from_id, status_id, report_id, source_seq) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT DO NOTHING;

-- NOTIFICATION_HAS: whether that entry has made its notification.
SELECT 1 FROM notification WHERE account_id = $1 AND kind = $2 AND from_id = $3 AND coalesce(status_id, 0) = $4 AND source_seq = $5;

-- NOTIFICATIONS: those of $1 of the kinds $5 (bits), from $6 (0: anybody), at the time $7.
SELECT n.id, n.kind, n.from_id, n.status_id, n.report_id FROM notification n
WHERE n.account_id = $1 AND n.id > $2 AND n.id < $3
AND (CAST(1 AS BIGINT) << CAST(n.kind AS INTEGER)) & $5 <> 0 AND (CAST($6 AS BIGINT) = 0 OR n.from_id = $6)
AND NOT EXISTS (SELECT 1 FROM block b WHERE b.account_id = n.account_id AND b.target_id = n.from_id)
AND NOT EXISTS (SELECT 1 FROM block b WHERE b.account_id = n.from_id AND b.target_id = n.account_id)
AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.account_id = n.account_id AND m.target_id = n.from_id AND m.notifications = 1
                AND (m.expires_at IS NULL OR m.expires_at > $7))
ORDER BY n.id DESC LIMIT $4;

-- NOTIFICATIONS_UP: the same, from the oldest.
SELECT n.id, n.kind, n.from_id, n.status_id, n.report_id FROM notification n
WHERE n.account_id = $1 AND n.id > $2 AND n.id < $3
AND (CAST(1 AS BIGINT) << CAST(n.kind AS INTEGER)) & $5 <> 0 AND (CAST($6 AS BIGINT) = 0 OR n.from_id = $6)
AND NOT EXISTS (SELECT 1 FROM block b WHERE b.account_id = n.account_id AND b.target_id = n.from_id)
AND NOT EXISTS (SELECT 1 FROM block b WHERE b.account_id = n.from_id AND b.target_id = n.account_id)
AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.account_id = n.account_id AND m.target_id = n.from_id AND m.notifications = 1
                AND (m.expires_at IS NULL OR m.expires_at > $7))
ORDER BY n.id LIMIT $4;

-- NOTIFICATION_GET: one of $1's.
SELECT id, kind, from_id, status_id, report_id FROM notification WHERE id = $2 AND account_id = $1;

-- NOTIFICATION_GROUP: those of a group: kind $2, post $3 (0: none), ids from $4 to below $5.
SELECT id, kind, from_id, status_id, report_id FROM notification
WHERE account_id = $1 AND kind = $2 AND coalesce(status_id, 0) = $3 AND id >= $4 AND id < $5 ORDER BY id DESC LIMIT $6;

-- NOTIFICATION_GROUP_COUNT: how many it has.
SELECT count(*) FROM notification WHERE account_id = $1 AND kind = $2 AND coalesce(status_id, 0) = $3 AND id >= $4 AND id < $5;

-- NOTIFICATION_UNREAD: how many above $2, at most $3.
SELECT count(*) FROM (SELECT 1 FROM notification n WHERE n.account_id = $1 AND n.id > $2
AND (CAST(1 AS BIGINT) << CAST(n.kind AS INTEGER)) & $4 <> 0 AND (CAST($5 AS BIGINT) = 0 OR n.from_id = $5)
AND NOT EXISTS (SELECT 1 FROM block b WHERE b.account_id = n.account_id AND b.target_id = n.from_id)
AND NOT EXISTS (SELECT 1 FROM block b WHERE b.account_id = n.from_id AND b.target_id = n.account_id)
AND NOT EXISTS (SELECT 1 FROM mute m WHERE m.account_id = n.account_id AND m.target_id = n.from_id AND m.notifications = 1
                AND (m.expires_at IS NULL OR m.expires_at > $6))
LIMIT $3) unread;

-- NOTIFICATION_DELETE: dismisses one.
DELETE FROM notification WHERE account_id = $1 AND id = $2;

-- NOTIFICATION_DELETE_ALL: clears.
DELETE FROM notification WHERE account_id = $1;

-- NOTIFICATION_DELETE_GROUP: dismisses a group.
DELETE FROM notification WHERE account_id = $1 AND kind = $2 AND coalesce(status_id, 0) = $3 AND id >= $4 AND id < $5;

-- NOTIFICATION_DELETE_LIKE: takes back what $3 did.
DELETE FROM notification WHERE account_id = $1 AND kind = $2 AND from_id = $3 AND coalesce(status_id, 0) = $4;

-- NOTIFICATION_DELETE_FROM: takes back all that $2 did.
DELETE FROM notification WHERE account_id = $1 AND from_id = $2;

-- NOTIFICATION_DELETE_STATUS: takes back $2 of those about a post.
DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE status_id = $1 LIMIT $2);

-- NOTIFICATION_FOR_STATUS: whether there are any about a post.
SELECT 1 FROM notification WHERE status_id = $1 LIMIT 1;

-- NOTIFICATION_LIKE: whether $1 has one of the kind from $3, about the post $4 (0: none).
SELECT 1 FROM notification WHERE account_id = $1 AND kind = $2 AND from_id = $3 AND coalesce(status_id, 0) = $4 LIMIT 1;

-- NOTIFICATION_ABOUT_STATUS: whether $1 has one of the kind about a post.
SELECT 1 FROM notification WHERE status_id = $3 AND account_id = $1 AND kind = $2 LIMIT 1;

-- NOTIFICATION_ABOUT_REPORT: whether $1 has one about a report.
SELECT 1 FROM notification WHERE account_id = $1 AND kind = $2 AND report_id = $3 LIMIT 1;

-- NOTIFICATION_STAFF: who hears of sign-ups and reports.
SELECT account_id FROM member WHERE role >= 1 ORDER BY role, account_id;
