-- POLL_INSERT: a post's poll.
INSERT INTO poll (status_id, options, flags, expires_at, voters) VALUES ($1, $2, $3, $4, $5);

-- POLL_BY_STATUS: a poll. (options, flags, expires_at, voters)
SELECT options, flags, expires_at, voters FROM poll WHERE status_id = $1;

-- POLL_COUNTS: the votes for each choice that has any. (choice, votes)
SELECT choice, votes FROM poll_count WHERE status_id = $1 ORDER BY choice;

-- POLL_COUNT_INSERT: votes that came with it.
INSERT INTO poll_count (status_id, choice, votes) VALUES ($1, $2, $3);

-- POLL_COUNT_ADD: one vote more for a choice.
INSERT INTO poll_count AS c (status_id, choice, votes) VALUES ($1, $2, 1)
ON CONFLICT (status_id, choice) DO UPDATE SET votes = c.votes + 1;

-- POLL_VOTER_ADD: one voter more.
UPDATE poll SET voters = voters + 1 WHERE status_id = $1;

-- POLL_VOTE_INSERT: an account's vote.
INSERT INTO poll_vote (status_id, account_id, choice) VALUES ($1, $2, $3);

-- POLL_VOTES_OF: what an account voted for. (choice)
SELECT choice FROM poll_vote WHERE status_id = $1 AND account_id = $2 ORDER BY choice;

-- POLL_VOTERS: who voted. (account)
SELECT DISTINCT account_id FROM poll_vote WHERE status_id = $1;

-- POLL_FLAGS_SET: ended, for one.
UPDATE poll SET flags = $2 WHERE status_id = $1;

-- POLL_DELETE: the poll alone.
DELETE FROM poll WHERE status_id = $1;

-- POLL_COUNTS_DELETE: its counters.
DELETE FROM poll_count WHERE status_id = $1;

-- POLL_VOTES_DELETE: its votes.
DELETE FROM poll_vote WHERE status_id = $1;
