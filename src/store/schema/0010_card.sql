-- What pages say of themselves that posts link to: one row per address, shared by all posts with it.
CREATE TABLE preview_card (
	id {ID},
	hash {BYTES} NOT NULL,       -- SHA-256 of the address
	url TEXT NOT NULL,
	state BIGINT NOT NULL,       -- store/card.h
	fetched_at BIGINT NOT NULL,  -- ms; 0: never
	title TEXT,
	description TEXT,
	author TEXT,
	author_url TEXT,
	provider TEXT,
	language TEXT,
	published TEXT,
	image_url TEXT,              -- where its picture was; NULL: it has none
	image_key TEXT {EXACT},      -- the picture's public name here
	image_blob {BYTES},
	image_type TEXT,
	image_alt TEXT,
	image_width BIGINT NOT NULL,
	image_height BIGINT NOT NULL,
	blurhash TEXT
);
CREATE UNIQUE INDEX preview_card_by_hash ON preview_card (hash);
CREATE UNIQUE INDEX preview_card_by_key ON preview_card (image_key);
CREATE INDEX preview_card_by_blob ON preview_card (image_blob);

-- The card of a post.
CREATE TABLE status_card (
	status_id {ID},
	card_id BIGINT NOT NULL
);
CREATE INDEX status_card_by_card ON status_card (card_id, status_id);

-- What lies in the tree of fetched media, and when somebody last looked at it. Never copied: all of it can be fetched again.
CREATE TABLE remote_blob (
	name {BYTES} NOT NULL PRIMARY KEY,
	size BIGINT NOT NULL,
	used_at BIGINT NOT NULL      -- ms, to the day
) {LEAN};
CREATE INDEX remote_blob_by_use ON remote_blob (used_at);
