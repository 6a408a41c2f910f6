-- JOB_ADD: work to be done.
INSERT INTO job (id, kind, run_at, tries, a, b, data) VALUES ($1, $2, $3, 0, $4, $5, $6);

-- JOB_DUE: what a kind has to do by now, longest waiting first. (id, run_at, tries, a, b, data)
SELECT id, run_at, tries, a, b, data FROM job WHERE kind = $1 AND buried_at IS NULL AND run_at <= $2 ORDER BY run_at LIMIT $3;

-- JOB_IS_DUE: whether that one still has to be done by now.
SELECT count(*) FROM job WHERE id = $1 AND buried_at IS NULL AND run_at <= $2;

-- JOB_WAITING: how many of a kind are still to be done, beside the job $2.
SELECT count(*) FROM job WHERE kind = $1 AND buried_at IS NULL AND id <> $2;

-- JOB_SOONER: those of a kind that wait for later than $2 wait no longer than until then.
UPDATE job SET run_at = $2 WHERE kind = $1 AND buried_at IS NULL AND run_at > $2 AND id <> $3;

-- JOB_SHIFT: all that waits is due so much sooner, but the kind $2.
UPDATE job SET run_at = run_at - $1 WHERE buried_at IS NULL AND kind <> $2;

-- JOB_DELETE: done.
DELETE FROM job WHERE id = $1;

-- JOB_FORGET: a kind's, whatever their state.
DELETE FROM job WHERE kind = $1;

-- JOB_FORGET_OF: a kind's for $2.
DELETE FROM job WHERE kind = $1 AND a = $2;

-- JOB_FORGET_ALL: those of every kind.
DELETE FROM job;

-- JOB_RETRY: a try failed; the next is at run_at.
UPDATE job SET tries = tries + 1, run_at = $2, error = $3 WHERE id = $1;

-- JOB_POSTPONE: it waits for something else; that was no try.
UPDATE job SET run_at = $2, error = $3 WHERE id = $1;

-- JOB_BURY: the last try failed.
UPDATE job SET tries = tries + 1, buried_at = $2, error = $3 WHERE id = $1;

-- JOB_COUNT: waiting and buried, for metrics. (waiting, buried)
SELECT count(*) - count(buried_at), count(buried_at) FROM job;
