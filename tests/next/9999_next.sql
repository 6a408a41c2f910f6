-- What a later version might add: the program of this schema stands for it beside the one that is built (tests/chaos/versions.test.mjs).
ALTER TABLE account ADD COLUMN mood TEXT NOT NULL DEFAULT 'even';
ALTER TABLE status ADD COLUMN weight BIGINT NOT NULL DEFAULT 7;
CREATE TABLE mood (
	account_id BIGINT NOT NULL,
	at BIGINT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY (account_id, at)
) {LEAN};
