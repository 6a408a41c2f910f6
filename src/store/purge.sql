-- What hangs on an account that was deleted, a thousand rows at a time (posts, follows, favourites, lists and filters go by their own verbs),
-- and on a post that was, $2 rows at a time.

-- PURGE_BOOSTERS: the authors of the boosts that PURGE_BOOSTS removes have one post less.
UPDATE account_count SET statuses = statuses - 1 WHERE statuses > 0 AND account_id IN (
	SELECT b.author_id FROM (SELECT author_id, flags FROM status WHERE boost_of_id = $1 ORDER BY author_id LIMIT $2) b WHERE b.flags & 3 <> 3);

-- PURGE_BOOSTS: a part of a post's boosts.
DELETE FROM status WHERE id IN (SELECT id FROM status WHERE boost_of_id = $1 ORDER BY author_id LIMIT $2);

-- PURGE_FAVOURITERS: a part of its favourites.
DELETE FROM favourite WHERE (account_id, status_id) IN (SELECT account_id, status_id FROM favourite WHERE status_id = $1 LIMIT $2);

-- PURGE_BOOKMARKERS: a part of its bookmarks.
DELETE FROM bookmark WHERE (account_id, status_id) IN (SELECT account_id, status_id FROM bookmark WHERE status_id = $1 LIMIT $2);

-- PURGE_VOTERS: a part of the votes in its poll.
DELETE FROM poll_vote WHERE (status_id, account_id, choice) IN (SELECT status_id, account_id, choice FROM poll_vote WHERE status_id = $1 LIMIT $2);

-- PURGE_FILTERED: a part of the filters' entries that name it.
DELETE FROM filter_status WHERE id IN (SELECT id FROM filter_status WHERE status_id = $1 LIMIT $2);

-- PURGE_STATUSES: its posts and boosts that are still there.
SELECT id FROM status WHERE author_id = $1 ORDER BY id LIMIT $2;

-- PURGE_FAVOURITES: what it favourited, with whose that is.
SELECT f.status_id, s.author_id FROM favourite f JOIN status s ON s.id = f.status_id WHERE f.account_id = $1 LIMIT $2;

-- PURGE_BOOKMARKS: a part of the table bookmark.
DELETE FROM bookmark WHERE (account_id, status_id) IN (SELECT account_id, status_id FROM bookmark WHERE account_id = $1 LIMIT 1000);

-- PURGE_PINS: a part of the table pin.
DELETE FROM pin WHERE (account_id, status_id) IN (SELECT account_id, status_id FROM pin WHERE account_id = $1 LIMIT 1000);

-- PURGE_THREAD_MUTES: a part of the table thread_mute.
DELETE FROM thread_mute WHERE (account_id, thread_id) IN (SELECT account_id, thread_id FROM thread_mute WHERE account_id = $1 LIMIT 1000);

-- PURGE_VOTES: a part of the table poll_vote.
DELETE FROM poll_vote WHERE (status_id, account_id, choice) IN (SELECT status_id, account_id, choice FROM poll_vote WHERE account_id = $1 LIMIT 1000);

-- PURGE_CONVERSATIONS: a part of the table conversation.
DELETE FROM conversation WHERE (account_id, thread_id) IN (SELECT account_id, thread_id FROM conversation WHERE account_id = $1 LIMIT 1000);

-- PURGE_LIST_MEMBERSHIPS: a part of the table list_member.
DELETE FROM list_member WHERE (list_id, account_id) IN (SELECT list_id, account_id FROM list_member WHERE account_id = $1 LIMIT 1000);

-- PURGE_BLOCKS: a part of the table block.
DELETE FROM block WHERE (account_id, target_id) IN (SELECT account_id, target_id FROM block WHERE account_id = $1 LIMIT 1000);

-- PURGE_BLOCKED_BY: a part of the table block.
DELETE FROM block WHERE (account_id, target_id) IN (SELECT account_id, target_id FROM block WHERE target_id = $1 LIMIT 1000);

-- PURGE_MUTES: a part of the table mute.
DELETE FROM mute WHERE (account_id, target_id) IN (SELECT account_id, target_id FROM mute WHERE account_id = $1 LIMIT 1000);

-- PURGE_MUTED_BY: a part of the table mute.
DELETE FROM mute WHERE (account_id, target_id) IN (SELECT account_id, target_id FROM mute WHERE target_id = $1 LIMIT 1000);

-- PURGE_NOTES: a part of the table note.
DELETE FROM note WHERE (account_id, target_id) IN (SELECT account_id, target_id FROM note WHERE account_id = $1 LIMIT 1000);

-- PURGE_NOTED_BY: a part of the table note.
DELETE FROM note WHERE (account_id, target_id) IN (SELECT account_id, target_id FROM note WHERE target_id = $1 LIMIT 1000);

-- PURGE_FOLLOWED_TAGS: a part of the table tag_follow.
DELETE FROM tag_follow WHERE (account_id, tag_id) IN (SELECT account_id, tag_id FROM tag_follow WHERE account_id = $1 LIMIT 1000);

-- PURGE_MARKERS: a part of the table marker.
DELETE FROM marker WHERE (account_id, timeline) IN (SELECT account_id, timeline FROM marker WHERE account_id = $1 LIMIT 1000);

-- PURGE_NOTIFICATIONS: a part of the table notification.
DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE account_id = $1 LIMIT 1000);

-- PURGE_NOTIFICATIONS_FROM: a part of the table notification.
DELETE FROM notification WHERE id IN (SELECT id FROM notification WHERE from_id = $1 LIMIT 1000);

-- PURGE_POLICY: a part of the table notification_policy.
DELETE FROM notification_policy WHERE account_id IN (SELECT account_id FROM notification_policy WHERE account_id = $1 LIMIT 1000);

-- PURGE_REQUESTS: a part of the table follow_request.
DELETE FROM follow_request WHERE (account_id, target_id) IN (SELECT account_id, target_id FROM follow_request WHERE account_id = $1 LIMIT 1000);

-- PURGE_REQUESTED_BY: a part of the table follow_request.
DELETE FROM follow_request WHERE (account_id, target_id) IN (SELECT account_id, target_id FROM follow_request WHERE target_id = $1 LIMIT 1000);

-- PURGE_IDEMPOTENCY: a part of the table idempotency.
DELETE FROM idempotency WHERE (account_id, key) IN (SELECT account_id, key FROM idempotency WHERE account_id = $1 LIMIT 1000);

-- PURGE_IMPORT_SOURCES: a part of the table import_source.
DELETE FROM import_source WHERE (account_id, source) IN (SELECT account_id, source FROM import_source WHERE account_id = $1 LIMIT 1000);

-- PURGE_TRANSFERS: what it took and brought ends now; the sweep of transfers lets go of the files.
UPDATE transfer SET expires_at = 0, report = NULL WHERE account_id = $1 AND expires_at <> 0;
