-- The first schema. One text for both engines: {ID} is a 64-bit primary key of one column, {BYTES} a byte string,
-- {ANDID} puts the id last into an index, {LEAN} marks a table without a row id of its own (its primary key is the table). All times are milliseconds since 1970 UTC,
-- all ids are those of base/id.h, all flags are bits named in the header of the noun.

-- The site itself: its title, rules of registration, keys. Secret values are sealed before they come here.
CREATE TABLE site (
	key TEXT NOT NULL PRIMARY KEY,
	value TEXT NOT NULL
) {LEAN};

CREATE TABLE rule (
	id {ID},
	position BIGINT NOT NULL,
	text TEXT NOT NULL,
	hint TEXT NOT NULL
);

-- People as others see them. What only the person and the owner know is in member.
CREATE TABLE account (
	id {ID},
	username TEXT NOT NULL,      -- as typed at sign-up; unique without regard to case
	domain TEXT,                 -- NULL: one of ours
	display_name TEXT,
	note TEXT,                   -- plain text as typed
	fields TEXT,                 -- JSON: [{"name","value","verified_at"}]
	avatar TEXT,                 -- media key; NULL: the drawn default
	header TEXT,
	flags BIGINT NOT NULL,       -- locked, bot, discoverable, indexable, suspended, limited … (store/account.h)
	changed_at BIGINT NOT NULL   -- version of the account's JSON
);
CREATE UNIQUE INDEX account_by_name ON account (lower(username), coalesce(domain, ''));

CREATE TABLE account_count (
	account_id {ID},
	statuses BIGINT NOT NULL,
	followers BIGINT NOT NULL,
	following BIGINT NOT NULL,
	last_status_at BIGINT NOT NULL -- 0: never
);
-- Room for a row's next versions on its page: then an update of what no index holds writes to none (heap-only tuples).
[postgres] ALTER TABLE account_count SET (fillfactor = 60);
CREATE INDEX account_count_by_activity ON account_count (last_status_at, account_id);

-- Somebody who can log in.
CREATE TABLE member (
	account_id {ID},
	email TEXT NOT NULL,
	new_email TEXT,              -- a change that waits for its confirmation
	password_hash TEXT,          -- NULL: cannot log in (demo accounts)
	role BIGINT NOT NULL,        -- 0 user, 1 moderator, 2 admin, 3 owner
	flags BIGINT NOT NULL,       -- confirmed, approved, disabled (store/member.h)
	locale TEXT,
	reason TEXT,                 -- what the person wrote when asking to join
	invite_id BIGINT,
	address TEXT,                -- of the sign-up
	settings TEXT,               -- JSON: posting defaults, appearance
	last_login_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX member_by_email ON member (lower(email));
CREATE INDEX member_pending ON member (account_id) WHERE flags & 2 = 0;
CREATE INDEX member_staff ON member (role, account_id) WHERE role >= 1;
CREATE INDEX member_active ON member (last_login_at) WHERE flags & 3 = 3;

-- Client applications (OAuth 2).
CREATE TABLE app (
	id {ID},
	client_id TEXT NOT NULL,
	secret_hash {BYTES} NOT NULL,
	name TEXT NOT NULL,
	website TEXT,
	redirect_uris TEXT NOT NULL, -- one a line
	scopes BIGINT NOT NULL
);
CREATE UNIQUE INDEX app_by_client ON app (client_id);

-- Browser sessions and access tokens alike. Only the SHA-256 of the secret is kept.
CREATE TABLE token (
	id {ID},
	hash {BYTES} NOT NULL,
	kind BIGINT NOT NULL,        -- 0 browser session, 1 access token of an account, 2 access token of an app alone
	account_id BIGINT,
	app_id BIGINT,
	scopes BIGINT NOT NULL,
	address TEXT,
	agent TEXT,
	last_used_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX token_by_hash ON token (hash);
CREATE INDEX token_by_account ON token (account_id);

-- Secrets good for one use: authorisation codes, confirmations, password resets, the owner's link.
CREATE TABLE once (
	hash {BYTES} NOT NULL PRIMARY KEY,
	kind BIGINT NOT NULL,        -- store/once.h
	account_id BIGINT,
	data TEXT,                   -- JSON, per kind
	expires_at BIGINT NOT NULL
) {LEAN};
CREATE INDEX once_by_account ON once (account_id, kind);

CREATE TABLE invite (
	id {ID},
	account_id BIGINT NOT NULL,
	code TEXT NOT NULL,
	max_uses BIGINT,
	uses BIGINT NOT NULL,
	expires_at BIGINT
);
CREATE UNIQUE INDEX invite_by_code ON invite (code);
CREATE INDEX invite_by_account ON invite (account_id);

-- Who follows whom. id: when, and the cursor of follower lists.
CREATE TABLE follow (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	flags BIGINT NOT NULL,       -- without boosts, notify (store/follow.h)
	languages TEXT,              -- comma-separated; NULL: all
	PRIMARY KEY (account_id, target_id)
) {LEAN};
CREATE INDEX follow_by_target ON follow (target_id, id);
CREATE INDEX follow_notify ON follow (target_id, account_id) WHERE flags & 2 <> 0;

CREATE TABLE follow_request (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	flags BIGINT NOT NULL,
	languages TEXT,
	PRIMARY KEY (account_id, target_id)
) {LEAN};
CREATE INDEX follow_request_by_target ON follow_request (target_id, id);

CREATE TABLE block (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (account_id, target_id)
) {LEAN};
CREATE INDEX block_by_target ON block (target_id);

CREATE TABLE mute (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	notifications BIGINT NOT NULL, -- 1: also from notifications
	expires_at BIGINT,             -- NULL: never
	PRIMARY KEY (account_id, target_id)
) {LEAN};

CREATE TABLE note (
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (account_id, target_id)
) {LEAN};

-- Posts and boosts. A boost is a row of its own with boost_of_id and no text. Rows stay lean: no HTML, nothing derivable.
CREATE TABLE status (
	id {ID},
	author_id BIGINT NOT NULL,
	flags BIGINT NOT NULL,       -- visibility, sensitive, has media, has poll, edited … (store/status.h)
	reply_to_id BIGINT,
	reply_to_author_id BIGINT,
	thread_id BIGINT,            -- the first post of the conversation; NULL: this one
	boost_of_id BIGINT,
	boost_author_id BIGINT,
	text TEXT,                   -- as typed
	warning TEXT,                -- content warning
	language TEXT,
	app_id BIGINT,
	edited_at BIGINT
);
CREATE INDEX status_by_author ON status (author_id{ANDID});
CREATE INDEX status_by_reply ON status (reply_to_id{ANDID}) WHERE reply_to_id IS NOT NULL;
CREATE INDEX status_direct_by_thread ON status (thread_id{ANDID}) WHERE thread_id IS NOT NULL AND flags & 3 = 3;
CREATE UNIQUE INDEX status_by_boost ON status (boost_of_id, author_id) WHERE boost_of_id IS NOT NULL;

CREATE TABLE status_count (
	status_id {ID},
	replies BIGINT NOT NULL,
	boosts BIGINT NOT NULL,
	favourites BIGINT NOT NULL
);
[postgres] ALTER TABLE status_count SET (fillfactor = 60);

CREATE TABLE status_edit (
	id {ID},
	status_id BIGINT NOT NULL,
	flags BIGINT NOT NULL,
	text TEXT,
	warning TEXT,
	extra TEXT                   -- JSON: {"media":[…],"poll":[…]}
);
CREATE INDEX status_edit_by_status ON status_edit (status_id{ANDID});

-- Whom a post names; for direct posts this is the list of those who may see it.
CREATE TABLE mention (
	status_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	silent BIGINT NOT NULL,      -- 1: may see it but is not named in the text
	PRIMARY KEY (status_id, account_id)
) {LEAN};
CREATE INDEX mention_by_account ON mention (account_id, status_id);

CREATE TABLE tag (
	id {ID},
	name TEXT {EXACT} NOT NULL,  -- folded: lower case, NFKC
	display TEXT NOT NULL        -- as first typed
);
CREATE UNIQUE INDEX tag_by_name ON tag (name);

CREATE TABLE status_tag (
	tag_id BIGINT NOT NULL,
	status_id BIGINT NOT NULL,
	PRIMARY KEY (tag_id, status_id)
) {LEAN};
CREATE INDEX status_tag_by_status ON status_tag (status_id);

CREATE TABLE tag_follow (
	account_id BIGINT NOT NULL,
	tag_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (account_id, tag_id)
) {LEAN};

CREATE TABLE favourite (
	account_id BIGINT NOT NULL,
	status_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (account_id, status_id)
) {LEAN};
CREATE INDEX favourite_by_status ON favourite (status_id, id);
CREATE INDEX favourite_by_time ON favourite (account_id, id);

CREATE TABLE bookmark (
	account_id BIGINT NOT NULL,
	status_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (account_id, status_id)
) {LEAN};
CREATE INDEX bookmark_by_status ON bookmark (status_id);
CREATE INDEX bookmark_by_time ON bookmark (account_id, id);

CREATE TABLE pin (
	account_id BIGINT NOT NULL,
	status_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (account_id, status_id)
) {LEAN};

CREATE TABLE thread_mute (
	account_id BIGINT NOT NULL,
	thread_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, thread_id)
) {LEAN};

CREATE TABLE poll (
	status_id {ID},              -- a poll is its post's; its id is the post's
	options TEXT NOT NULL,       -- JSON: ["…"]
	flags BIGINT NOT NULL,       -- multiple, hidden totals, ended
	expires_at BIGINT NOT NULL,
	voters BIGINT NOT NULL
);
CREATE TABLE poll_count (
	status_id BIGINT NOT NULL,
	choice BIGINT NOT NULL,
	votes BIGINT NOT NULL,
	PRIMARY KEY (status_id, choice)
) {LEAN};
[postgres] ALTER TABLE poll_count SET (fillfactor = 60);
CREATE TABLE poll_vote (
	status_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	choice BIGINT NOT NULL,
	PRIMARY KEY (status_id, account_id, choice)
) {LEAN};
CREATE INDEX poll_vote_by_account ON poll_vote (account_id);

-- Attachments. key is the public address, blob the bytes' name in the store (keyed hash: equal bytes are stored once).
CREATE TABLE media (
	id {ID},
	account_id BIGINT NOT NULL,
	status_id BIGINT,            -- NULL: not attached yet, or an avatar or header
	position BIGINT NOT NULL,
	kind BIGINT NOT NULL,        -- store/media.h
	key TEXT NOT NULL,           -- 128 random bits in hexadecimal and the ending of its type, as 9f…c2.jpg
	blob {BYTES},                -- NULL: not ready
	preview_blob {BYTES},
	type TEXT,                   -- of the bytes, as image/webp
	size BIGINT NOT NULL,
	meta TEXT,                   -- JSON: {"original":{"width","height"},"small":{…},"focus":{"x","y"},"blurhash"}
	description TEXT,
	loose_at BIGINT              -- since when no post has this attachment; NULL: one has, or it is no attachment
);
CREATE UNIQUE INDEX media_by_key ON media (key);
CREATE INDEX media_by_status ON media (status_id, position) WHERE status_id IS NOT NULL;
CREATE INDEX media_by_account ON media (account_id{ANDID});
CREATE INDEX media_loose ON media (loose_at) WHERE loose_at IS NOT NULL;

-- How many media rows name a blob; its bytes go with the last. -1: being removed.
CREATE TABLE blob (
	hash {BYTES} NOT NULL PRIMARY KEY,
	size BIGINT NOT NULL,
	uses BIGINT NOT NULL
) {LEAN};
CREATE INDEX blob_unused ON blob (hash) WHERE uses <= 0;

CREATE TABLE conversation (
	account_id BIGINT NOT NULL,  -- whose view of it
	thread_id BIGINT NOT NULL,
	last_status_id BIGINT NOT NULL,
	unread BIGINT NOT NULL,
	with_ids TEXT NOT NULL,      -- JSON: the other participants
	PRIMARY KEY (account_id, thread_id)
) {LEAN};
CREATE INDEX conversation_by_last ON conversation (account_id, last_status_id);

CREATE TABLE list (
	id {ID},
	account_id BIGINT NOT NULL,
	title TEXT NOT NULL,
	replies BIGINT NOT NULL,     -- 0 none, 1 list, 2 followed
	exclusive BIGINT NOT NULL
);
CREATE INDEX list_by_account ON list (account_id);
CREATE TABLE list_member (
	list_id BIGINT NOT NULL,
	account_id BIGINT NOT NULL,
	id BIGINT NOT NULL,
	PRIMARY KEY (list_id, account_id)
) {LEAN};
CREATE INDEX list_member_by_account ON list_member (account_id);

CREATE TABLE filter (
	id {ID},
	account_id BIGINT NOT NULL,
	title TEXT NOT NULL,
	contexts BIGINT NOT NULL,    -- bits: home, notifications, public, thread, account
	action BIGINT NOT NULL,      -- 0 warn, 1 hide, 2 blur
	expires_at BIGINT
);
CREATE INDEX filter_by_account ON filter (account_id);
CREATE TABLE filter_keyword (
	id {ID},
	filter_id BIGINT NOT NULL,
	keyword TEXT NOT NULL,
	whole_word BIGINT NOT NULL
);
CREATE INDEX filter_keyword_by_filter ON filter_keyword (filter_id);
CREATE TABLE filter_status (
	id {ID},
	filter_id BIGINT NOT NULL,
	status_id BIGINT NOT NULL
);
CREATE INDEX filter_status_by_filter ON filter_status (filter_id);
CREATE INDEX filter_status_by_status ON filter_status (status_id);

CREATE TABLE marker (
	account_id BIGINT NOT NULL,
	timeline BIGINT NOT NULL,    -- 0 home, 1 notifications
	last_read_id BIGINT NOT NULL,
	version BIGINT NOT NULL,
	changed_at BIGINT NOT NULL,
	PRIMARY KEY (account_id, timeline)
) {LEAN};

CREATE TABLE notification (
	id {ID},
	account_id BIGINT NOT NULL,
	kind BIGINT NOT NULL,        -- store/notification.h
	from_id BIGINT NOT NULL,
	status_id BIGINT,
	report_id BIGINT,
	source_seq BIGINT NOT NULL   -- the journal entry it came from: makes the reader idempotent
);
CREATE INDEX notification_by_account ON notification (account_id{ANDID});
CREATE UNIQUE INDEX notification_once ON notification (account_id, kind, from_id, coalesce(status_id, 0), source_seq);
CREATE INDEX notification_by_from ON notification (from_id, account_id);
CREATE INDEX notification_by_status ON notification (status_id) WHERE status_id IS NOT NULL;

-- From whom somebody wants no notifications.
CREATE TABLE notification_policy (
	account_id {ID},
	drops BIGINT NOT NULL        -- bits of store/notification_policy.h
);

CREATE TABLE report (
	id {ID},
	account_id BIGINT NOT NULL,
	target_id BIGINT NOT NULL,
	comment TEXT NOT NULL,
	category BIGINT NOT NULL,    -- 0 other, 1 spam, 2 legal, 3 violation
	status_ids TEXT NOT NULL,    -- JSON
	rule_ids TEXT NOT NULL,      -- JSON
	assigned_id BIGINT,
	resolved_by BIGINT,
	resolved_at BIGINT
);
CREATE INDEX report_open ON report (id) WHERE resolved_at IS NULL;
CREATE INDEX report_by_target ON report (target_id);

-- What moderators told people, and what they did.
CREATE TABLE warning (
	id {ID},
	account_id BIGINT NOT NULL,
	moderator_id BIGINT NOT NULL,
	report_id BIGINT,
	action BIGINT NOT NULL,      -- store/moderation.h
	text TEXT NOT NULL
);
CREATE INDEX warning_by_account ON warning (account_id{ANDID});
CREATE TABLE audit (
	id {ID},
	actor_id BIGINT NOT NULL,    -- 0: the command line
	action TEXT NOT NULL,
	target_kind TEXT NOT NULL,
	target_id BIGINT NOT NULL,
	target_label TEXT NOT NULL,
	text TEXT NOT NULL
);

CREATE TABLE email_domain_block (
	id {ID},
	domain TEXT NOT NULL
);
CREATE UNIQUE INDEX email_domain_block_by_domain ON email_domain_block (domain);
CREATE TABLE ip_block (
	id {ID},
	range TEXT NOT NULL,         -- CIDR
	severity BIGINT NOT NULL,    -- 0 sign-ups need approval, 1 no sign-ups, 2 no access
	comment TEXT NOT NULL,
	expires_at BIGINT
);

CREATE TABLE emoji (
	id {ID},
	shortcode TEXT NOT NULL,
	media_id BIGINT NOT NULL,
	category TEXT,
	visible BIGINT NOT NULL
);
CREATE UNIQUE INDEX emoji_by_shortcode ON emoji (shortcode);

-- The answer already given to an Idempotency-Key.
CREATE TABLE idempotency (
	account_id BIGINT NOT NULL,
	key {BYTES} NOT NULL,        -- SHA-256 of the header
	status_id BIGINT NOT NULL,
	at BIGINT NOT NULL,
	PRIMARY KEY (account_id, key)
) {LEAN};
CREATE INDEX idempotency_by_time ON idempotency (at);
