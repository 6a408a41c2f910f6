-- Files that arrive in pieces (tus 1.0): what was announced. How far they have come is the length of the file they are put together in.
CREATE TABLE upload (
	id {ID},
	account_id BIGINT NOT NULL,
	size BIGINT NOT NULL,        -- bytes announced
	metadata TEXT,               -- as the client sent it: its name, type, description and focus
	expires_at BIGINT NOT NULL,
	media_id BIGINT              -- the attachment it became; NULL: not whole yet
);
CREATE INDEX upload_by_account ON upload (account_id);
CREATE INDEX upload_by_end ON upload (expires_at);
