#include "core/poll.h"

#include "base/clock.h"
#include "core/draft.h"
#include "core/policy.h"
#include "store/job.h"

struct act {
	struct ctx *c;
	int64_t id, author;
	const int64_t *choices;
	size_t n;
};

static err check_choices(const struct poll *p, const int64_t *choices, size_t n) {
	if (n == 0)
		return err_public(ERR_INVALID, "Validation failed: Choices can't be blank");
	if (n > 1 && !(p->flags & POLL_MULTIPLE))
		return err_public(ERR_INVALID, "Validation failed: Only one choice is allowed in this poll");
	for (size_t i = 0; i < n; i++) {
		if (choices[i] < 0 || (size_t)choices[i] >= p->option_count)
			return err_public(ERR_INVALID, "Validation failed: The chosen vote option does not exist");
		for (size_t k = 0; k < i; k++)
			if (choices[i] == choices[k])
				return err_public(ERR_INVALID, "Validation failed: A choice can be voted for once only");
	}
	return NULL;
}

static err vote_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	struct poll p;
	bool found;
	int64_t *before;
	size_t n;
	TRY(store_poll_by_status(c->arena, tx_db(tx), act->id, &p, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	if (p.expires_at <= clock_ms())
		return err_public(ERR_INVALID, "Validation failed: The poll has already ended");
	TRY(check_choices(&p, act->choices, act->n));
	TRY(store_poll_votes_of(c->arena, tx_db(tx), act->id, c->viewer, &before, &n));
	if (n)
		return err_public(ERR_INVALID, "Validation failed: You have already voted on this poll");
	TRY(tx_journal(tx, J_POLL_VOTED, act->id, c->viewer, act->author));
	return store_poll_vote(tx, act->id, c->viewer, act->choices, act->n);
}

err poll_vote(struct ctx *c, int64_t id, const int64_t *choices, size_t n) {
	struct status s;
	TRY(status_visible(c, id, &s));
	if (!(s.flags & STATUS_HAS_POLL))
		return err_plain(ERR_NOT_FOUND);
	if (s.author_id == c->viewer)
		return err_public(ERR_INVALID, "Validation failed: You cannot vote in your own polls");
	return tx_run(c->db, vote_tx, &(struct act){c, id, s.author_id, choices, n});
}

err poll_put(struct tx *tx, int64_t status, const struct poll_draft *d, int64_t now) {
	struct poll p = {
	    .status_id = status,
	    .flags = (d->multiple ? POLL_MULTIPLE : 0) | (d->hide_totals ? POLL_HIDE_TOTALS : 0),
	    .expires_at = now + d->expires_in * 1000,
	    .options = d->options,
	    .option_count = d->option_count,
	};
	TRY(store_poll_insert(tx, &p));
	return store_job_add(tx, S(POLL_END_JOB), p.expires_at, status, 0, STR_NONE, NULL);
}

static err end_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct poll p;
	struct status s;
	bool found, has_post;
	TRY(store_poll_by_status(act->c->arena, tx_db(tx), act->id, &p, &found));
	TRY(store_status_by_id(act->c->arena, tx_db(tx), act->id, &s, &has_post));
	if (!found || !has_post || p.flags & POLL_ENDED || p.expires_at > clock_ms())
		return NULL;
	TRY(tx_journal(tx, J_POLL_ENDED, act->id, s.author_id, 0));
	return store_poll_flags_set(tx, act->id, p.flags | POLL_ENDED);
}

err poll_end_job(struct ctx *c, const struct job *job) { return tx_run(c->db, end_tx, &(struct act){.c = c, .id = job->a}); }
