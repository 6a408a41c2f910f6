-- RELATION_GET: all that stands between $1 (the viewer) and $2, from $1's side.
SELECT a.flags,
 f.id, f.flags, coalesce(f.languages, q.languages), back.id,
 q.id, q.flags, asked.id,
 b.id, bb.id,
 m.id, m.notifications, m.expires_at,
 n.text
FROM account a
LEFT JOIN follow f ON f.account_id = $1 AND f.target_id = a.id
LEFT JOIN follow back ON back.account_id = a.id AND back.target_id = $1
LEFT JOIN follow_request q ON q.account_id = $1 AND q.target_id = a.id
LEFT JOIN follow_request asked ON asked.account_id = a.id AND asked.target_id = $1
LEFT JOIN block b ON b.account_id = $1 AND b.target_id = a.id
LEFT JOIN block bb ON bb.account_id = a.id AND bb.target_id = $1
LEFT JOIN mute m ON m.account_id = $1 AND m.target_id = a.id
LEFT JOIN note n ON n.account_id = $1 AND n.target_id = a.id
WHERE a.id = $2;
