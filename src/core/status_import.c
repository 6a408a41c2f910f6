#include "core/status_import.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/draft.h"
#include "core/status_create.h"
#include "store/poll.h"
#include "store/transfer.h"

enum { DRAWS = 4, OPTION_BYTES = 2000 };
/* Nobody's posts are older: the first second of 1990. */
static const int64_t oldest = 631152000000;

struct importing {
	struct ctx *c;
	const struct import_post *p;
	struct named named;
	struct status s;
	bool known;
};

/* It ended there, at the latest when it left. */
static err put_poll(struct tx *tx, int64_t id, const struct import_poll *p) {
	int64_t now = clock_ms(), votes[IMPORT_OPTIONS_MAX];
	if (!p->option_count)
		return NULL;
	memcpy(votes, p->votes, sizeof votes);
	return store_poll_insert(tx, &(struct poll){
	                                 .status_id = id,
	                                 .flags = POLL_ENDED | (p->multiple ? POLL_MULTIPLE : 0),
	                                 .expires_at = p->ends > 0 && p->ends < now ? p->ends : now,
	                                 .voters = p->voters,
	                                 .options = p->options,
	                                 .votes = votes,
	                                 .option_count = p->option_count,
	                             });
}

static err import_tx(struct tx *tx, void *arg) {
	struct importing *m = arg;
	struct ctx *c = m->c;
	struct status s = m->s;
	uint16_t low;
	int64_t before;
	TRY(store_import_source(tx_db(tx), c->viewer, m->p->source, &before));
	m->known = before != 0;
	if (m->known) {
		m->s.id = before;
		return NULL;
	}
	random_bytes(&low, sizeof low);
	s.id = m->s.id = id_at(m->p->at, low);
	if (!s.thread_id)
		s.thread_id = s.id;
	TRY(tx_journal(tx, J_STATUS_CREATED, s.id, s.author_id, 0));
	TRY(store_status_insert(tx, &s));
	TRY(named_put(tx, s.id, &m->named));
	TRY(put_poll(tx, s.id, &m->p->poll));
	TRY(status_attach(c, tx, s.id, m->p->media, m->p->media_count, false));
	TRY(store_import_source_put(tx, c->viewer, m->p->source, s.id));
	if (s.reply_to_id && status_counts_openly(&s))
		TRY(store_status_count_add(tx, s.reply_to_id, 1, 0, 0));
	return store_status_of_account_add(tx, s.author_id, 1, 0);
}

static bool is_text(struct str s) { return str_utf8(s) && !(s.n && memchr(s.p, 0, s.n)); }

static err check_poll(const struct import_poll *p) {
	int64_t most = 0;
	if (p->option_count == 1 || p->option_count > IMPORT_OPTIONS_MAX)
		return err_public(ERR_INVALID, "its poll has not 2 to %d options", IMPORT_OPTIONS_MAX);
	for (size_t i = 0; i < p->option_count; i++) {
		if (!p->options[i].n || p->options[i].n > OPTION_BYTES || !is_text(p->options[i]))
			return err_public(ERR_INVALID, "an option of its poll is empty, too long or not UTF-8");
		if (p->votes[i] < 0 || p->votes[i] > IMPORT_VOTES_MAX)
			return err_public(ERR_INVALID, "the votes of its poll cannot be");
		most = p->votes[i] > most ? p->votes[i] : most;
	}
	return p->voters < most || p->voters > IMPORT_VOTES_MAX ? err_public(ERR_INVALID, "the voters of its poll cannot be") : NULL;
}

static err check(const struct import_post *p) {
	if (p->at < oldest || p->at > clock_ms())
		return err_public(ERR_INVALID, "its time cannot be");
	if (!p->source.n || p->source.n > 1024 || !str_utf8(p->source))
		return err_public(ERR_INVALID, "it has no name of its own");
	if (!is_text(p->text) || !is_text(p->warning))
		return err_public(ERR_INVALID, "its text is not UTF-8");
	if (p->text.n + p->warning.n > IMPORT_TEXT_MAX)
		return err_public(ERR_INVALID, "it is longer than %d characters", IMPORT_TEXT_MAX);
	if (!p->text.n && !p->warning.n && !p->media_count && !p->poll.option_count)
		return err_public(ERR_INVALID, "it is empty");
	return check_poll(&p->poll);
}

/* An answer to oneself; what was said to others elsewhere stands alone. */
static err join(struct importing *m) {
	struct status parent;
	int64_t id = 0;
	bool found = false;
	if (m->p->reply_to.n)
		TRY(store_import_source(m->c->db, m->c->viewer, m->p->reply_to, &id));
	if (id)
		TRY(store_status_by_id(m->c->arena, m->c->db, id, &parent, &found));
	if (!found)
		return NULL;
	m->s.reply_to_id = parent.id;
	m->s.reply_to_author_id = parent.author_id;
	m->s.thread_id = parent.thread_id;
	m->s.flags |= STATUS_REPLY;
	return NULL;
}

static bool is_language(struct str s) {
	if (s.n < 2 || s.n > 8)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') && s.p[i] != '-')
			return false;
	return true;
}

err status_import(struct ctx *c, const struct import_post *p, int64_t *id, bool *known) {
	struct importing m = {.c = c, .p = p};
	TRY(check(p));
	TRY(draft_named(c, p->text, &m.named));
	m.named.account_count = 0;
	m.s = (struct status){
	    .author_id = c->viewer,
	    .flags = p->visibility | STATUS_IMPORTED | (p->sensitive ? STATUS_SENSITIVE : 0) | (p->media_count ? STATUS_HAS_MEDIA : 0) |
	             (p->poll.option_count ? STATUS_HAS_POLL : 0) | (m.named.tag_count ? STATUS_HAS_TAGS : 0),
	    .text = p->text,
	    .warning = p->warning,
	    .language = is_language(p->language) ? p->language : STR_NONE,
	};
	TRY(join(&m));
	err e = NULL;
	for (int draw = 0; draw < DRAWS; draw++) {
		e = tx_run(c->db, import_tx, &m);
		if (!e || e->code != ERR_CONFLICT)
			break;
	}
	*id = m.s.id;
	*known = m.known;
	return e;
}
