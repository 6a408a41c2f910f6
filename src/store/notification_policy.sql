-- NOTIFICATION_POLICY_GET: what $1 wants no notifications of.
SELECT drops FROM notification_policy WHERE account_id = $1;

-- NOTIFICATION_POLICY_PUT: changes it.
INSERT INTO notification_policy (account_id, drops) VALUES ($1, $2) ON CONFLICT (account_id) DO UPDATE SET drops = excluded.drops;
