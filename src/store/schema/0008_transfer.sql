-- What people take with them and bring: an archive of their own that is made for them, lists and archives of elsewhere that they hand in.
CREATE TABLE transfer (
	id {ID},
	account_id BIGINT NOT NULL,
	kind BIGINT NOT NULL,        -- store/transfer.h
	state BIGINT NOT NULL,       -- 0 waiting, 1 working, 2 done, 3 failed
	position BIGINT NOT NULL,    -- how far it has come, of `total`; lines, posts or bytes
	total BIGINT NOT NULL,
	taken BIGINT NOT NULL,       -- what is here now that was not before
	known BIGINT NOT NULL,       -- what was here already
	refused BIGINT NOT NULL,     -- what was not taken; why is in the report
	report TEXT,                 -- a line each, the first few hundred
	error TEXT,                  -- why it failed, for the person
	blob {BYTES},                -- the file; NULL: none, or not any more
	size BIGINT NOT NULL,
	expires_at BIGINT NOT NULL
);
CREATE INDEX transfer_by_account ON transfer (account_id{ANDID});
CREATE INDEX transfer_by_end ON transfer (expires_at);

-- Which posts came from elsewhere, so that none comes twice.
CREATE TABLE import_source (
	account_id BIGINT NOT NULL,
	source TEXT {EXACT} NOT NULL, -- what it is called there, as x:1234 or its URI
	status_id BIGINT NOT NULL,
	PRIMARY KEY (account_id, source)
) {LEAN};
