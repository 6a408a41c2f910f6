-- Telephones that members show to be theirs by typing in a code that was sent there. No number is kept: hash is keyed with the site's secret.
CREATE TABLE phone (
	account_id BIGINT NOT NULL PRIMARY KEY,
	hash TEXT {EXACT} NOT NULL,
	state BIGINT NOT NULL,       -- store/phone.h
	code_hash TEXT,              -- of the code that was sent last, keyed; NULL: none is good
	code_until BIGINT NOT NULL,
	tries BIGINT NOT NULL        -- wrong ones of that code
) {LEAN};
CREATE UNIQUE INDEX phone_confirmed ON phone (hash) WHERE state = 1;
