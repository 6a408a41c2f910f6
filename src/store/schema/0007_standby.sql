-- Machines that may keep a copy of this network. Never copied: each copy has its own.
CREATE TABLE standby (
	name TEXT NOT NULL PRIMARY KEY,
	token_hash {BYTES},          -- of the invitation; NULL: it was used
	token_until BIGINT NOT NULL,
	key_hash {BYTES},            -- of what it shows since; NULL: it has not joined yet
	heard_at BIGINT NOT NULL     -- 0: never
) {LEAN};
