-- THREAD_MUTE_INSERT: an account wants no notifications of a conversation.
INSERT INTO thread_mute (account_id, thread_id) VALUES ($1, $2) ON CONFLICT (account_id, thread_id) DO NOTHING;

-- THREAD_MUTE_DELETE: it does again.
DELETE FROM thread_mute WHERE account_id = $1 AND thread_id = $2;

-- THREAD_MUTE_IS: whether it is muted.
SELECT 1 FROM thread_mute WHERE account_id = $1 AND thread_id = $2;
