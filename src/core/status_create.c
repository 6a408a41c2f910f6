#include "core/status_create.h"

#include "base/clock.h"
#include "base/id.h"
#include "core/conversation.h"
#include "core/film.h"
#include "core/policy.h"
#include "core/poll.h"
#include "core/site.h"
#include "store/idempotency.h"
#include "store/media.h"

#include <openssl/sha.h>

enum { IDEMPOTENCY_MS = 3600 * 1000, DRAWS = 4 };

struct making {
	struct ctx *c;
	const struct draft *d;
	struct named named;
	struct status s; /* all but the id, which each try draws anew */
	struct str key;  /* hash of the Idempotency-Key; empty: none */
	int64_t made;
	bool fresh;
};

err status_attach(struct ctx *c, struct tx *tx, int64_t status, const int64_t *media, size_t n, bool ready) {
	for (size_t i = 0; i < n; i++) {
		bool done;
		struct media m;
		TRY(store_media_by_id(c->arena, tx_db(tx), media[i], &m, &done));
		if (done && m.account_id == c->viewer && m.state == MEDIA_FAILED)
			return err_public(ERR_INVALID, "Cannot attach files that could not be processed");
		if (ready && done && m.account_id == c->viewer && !media_plays(&m))
			return err_public(ERR_INVALID, "Cannot attach files that have not finished processing. Try again in a moment!");
		TRY(store_media_attach(tx, media[i], c->viewer, status, (int)i, &done));
		if (!done)
			return err_public(ERR_INVALID, "Validation failed: Media %lld not found or already attached to another post",
			                  (long long)media[i]);
	}
	return NULL;
}

static err create_tx(struct tx *tx, void *arg) {
	struct making *m = arg;
	struct ctx *c = m->c;
	const struct draft *d = m->d;
	struct status s = m->s;
	int64_t now = clock_ms();
	m->fresh = false;
	if (m->key.n) {
		TRY(store_idempotency_get(tx_db(tx), c->viewer, m->key, now - IDEMPOTENCY_MS, &m->made));
		if (m->made)
			return NULL;
	}
	m->made = s.id = id_new();
	m->fresh = true;
	if (!s.thread_id)
		s.thread_id = s.id;
	TRY(tx_journal(tx, J_STATUS_CREATED, s.id, s.author_id, 0));
	TRY(store_status_insert(tx, &s));
	TRY(named_put(tx, s.id, &m->named));
	TRY(status_attach(c, tx, s.id, d->media, d->media_count, true));
	if (d->poll)
		TRY(poll_put(tx, s.id, d->poll, id_ms(s.id)));
	if (m->key.n)
		TRY(store_idempotency_put(tx, c->viewer, m->key, s.id, now, now - IDEMPOTENCY_MS));
	if (status_visibility(&s) == VISIBILITY_DIRECT)
		return conversation_add(c, tx, &s, m->named.accounts, m->named.account_count);
	if (s.reply_to_id && status_counts_openly(&s))
		TRY(store_status_count_add(tx, s.reply_to_id, 1, 0, 0));
	return store_status_of_account_add(tx, s.author_id, 1, id_ms(s.id));
}

/* A reply joins the conversation of what it replies to; a boost stands for the post under it. */
static err join_thread(struct ctx *c, int64_t reply_to, struct status *s) {
	struct status parent;
	err e = status_visible(c, reply_to, &parent);
	if (!e && parent.boost_of_id)
		e = status_visible(c, parent.boost_of_id, &parent);
	if (e && e->code == ERR_NOT_FOUND)
		return err_public(ERR_NOT_FOUND, "The post you are trying to reply to does not appear to exist.");
	TRY(e);
	s->reply_to_id = parent.id;
	s->reply_to_author_id = parent.author_id;
	s->thread_id = parent.thread_id;
	s->flags |= STATUS_REPLY;
	return NULL;
}

err status_create(struct ctx *c, struct draft *d, int64_t *id, bool *fresh) {
	struct making m = {.c = c, .d = d};
	unsigned char hash[SHA256_DIGEST_LENGTH];
	TRY(draft_check(c, d));
	TRY(draft_named(c, d->text, &m.named));
	m.s = (struct status){
	    .author_id = c->viewer,
	    .flags = d->visibility | (d->sensitive ? STATUS_SENSITIVE : 0) | (d->media_count ? STATUS_HAS_MEDIA : 0) |
	             (d->poll ? STATUS_HAS_POLL : 0) | (m.named.account_count ? STATUS_HAS_MENTIONS : 0) |
	             (m.named.tag_count ? STATUS_HAS_TAGS : 0),
	    .app_id = d->app_id,
	    .text = d->text,
	    .warning = d->warning,
	    .language = d->language,
	};
	if (d->reply_to_id)
		TRY(join_thread(c, d->reply_to_id, &m.s));
	if (d->idempotency.n) {
		SHA256((const unsigned char *)d->idempotency.p, d->idempotency.n, hash);
		m.key = str_mem(hash, sizeof hash);
	}
	/* By an earlier answer to the same key; by the conversation as it is. */
	const bool decides = m.key.n || d->visibility == VISIBILITY_DIRECT;
	err e = NULL;
	for (int draw = 0; draw < DRAWS; draw++) {
		e = decides ? tx_run(c->db, create_tx, &m) : tx_run_plain(c->db, create_tx, &m);
		if (!e || e->code != ERR_CONFLICT)
			break;
	}
	*id = m.made;
	*fresh = m.fresh;
	return e;
}
