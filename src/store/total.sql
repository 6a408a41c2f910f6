-- TOTAL_PEOPLE: accounts, and the rows that are about people, their keys and the site. (accounts, rows)
SELECT (SELECT count(*) FROM account),
	(SELECT count(*) FROM account) + (SELECT count(*) FROM account_count) + (SELECT count(*) FROM member) + (SELECT count(*) FROM token)
	+ (SELECT count(*) FROM app) + (SELECT count(*) FROM once) + (SELECT count(*) FROM invite) + (SELECT count(*) FROM follow)
	+ (SELECT count(*) FROM follow_request) + (SELECT count(*) FROM block) + (SELECT count(*) FROM mute) + (SELECT count(*) FROM note)
	+ (SELECT count(*) FROM list) + (SELECT count(*) FROM list_member) + (SELECT count(*) FROM filter) + (SELECT count(*) FROM filter_keyword)
	+ (SELECT count(*) FROM site) + (SELECT count(*) FROM rule) + (SELECT count(*) FROM report) + (SELECT count(*) FROM warning)
	+ (SELECT count(*) FROM audit) + (SELECT count(*) FROM email_domain_block) + (SELECT count(*) FROM ip_block) + (SELECT count(*) FROM emoji)
	+ (SELECT count(*) FROM notification_policy) + (SELECT count(*) FROM marker) + (SELECT count(*) FROM tag_follow);

-- TOTAL_POSTS: posts, and the rows that are about posts and what people did with them. (posts, rows)
SELECT (SELECT count(*) FROM status),
	(SELECT count(*) FROM status) + (SELECT count(*) FROM status_count) + (SELECT count(*) FROM status_edit) + (SELECT count(*) FROM mention)
	+ (SELECT count(*) FROM tag) + (SELECT count(*) FROM status_tag) + (SELECT count(*) FROM favourite) + (SELECT count(*) FROM bookmark)
	+ (SELECT count(*) FROM pin) + (SELECT count(*) FROM thread_mute) + (SELECT count(*) FROM poll) + (SELECT count(*) FROM poll_count)
	+ (SELECT count(*) FROM poll_vote) + (SELECT count(*) FROM conversation) + (SELECT count(*) FROM filter_status)
	+ (SELECT count(*) FROM notification) + (SELECT count(*) FROM idempotency) + (SELECT count(*) FROM media) + (SELECT count(*) FROM media_file)
	+ (SELECT count(*) FROM blob) + (SELECT count(*) FROM job);

-- TOTAL_BLOBS: all bytes that media need. (objects, bytes)
SELECT count(*), CAST(coalesce(sum(size), 0) AS BIGINT) FROM blob WHERE uses > 0;

-- TOTAL_NEWEST: bytes of the attachments with ids from $1 on.
SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM media WHERE id >= $1;

-- EXTENT_ACCOUNTS: the least and the greatest id of a table, and how many rows it has. (id, id, rows)
SELECT coalesce(min(id), 0), coalesce(max(id), 0), count(*) FROM account;

-- EXTENT_STATUSES: the least and the greatest id of a table, and how many rows it has. (id, id, rows)
SELECT coalesce(min(id), 0), coalesce(max(id), 0), count(*) FROM status;

-- EXTENT_MEDIA: the least and the greatest id of a table, and how many rows it has. (id, id, rows)
SELECT coalesce(min(id), 0), coalesce(max(id), 0), count(*) FROM media;

-- EXTENT_TOKENS: the least and the greatest id of a table, and how many rows it has. (id, id, rows)
SELECT coalesce(min(id), 0), coalesce(max(id), 0), count(*) FROM token;
