-- What search looks things up in, written by the search reader behind the journal, never copied: it can be made anew from the posts
-- and accounts. It only proposes: whether a post is found is decided on the post as it is when it is asked for.

-- The words of posts, folded and cut by wire/text, with words for what a search may ask besides (core/search_index.h).
[sqlite] CREATE VIRTUAL TABLE status_search USING fts5(words, tokenize = 'ascii', detail = none, columnsize = 0);
[postgres] CREATE TABLE status_search (status_id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL);
[postgres] CREATE INDEX status_search_by_word ON status_search USING gin (words);

-- The words of names.
CREATE TABLE account_search (
	word TEXT {EXACT} NOT NULL,
	account_id BIGINT NOT NULL,
	PRIMARY KEY (word, account_id)
) {LEAN};
CREATE INDEX account_search_by_account ON account_search (account_id);
