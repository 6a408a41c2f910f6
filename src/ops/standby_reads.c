#include "ops/standby_reads.h"

#include "api/view/pieces.h"
#include "base/log.h"
#include "base/must.h"
#include "config/config.h"
#include "core/bans.h"
#include "core/media_known.h"
#include "core/media_store.h"
#include "feed/feed.h"
#include "gate/gate.h"
#include "move/origin.h"
#include "move/standby.h"
#include "ops/surfaces.h"
#include "web/page_cache.h"

#include <stdlib.h>

struct standby_reads {
	struct site *site;
	struct gate *gate;
	_Atomic bool open;
};

static const char *const paths[] = {
#define READS(path) path,
#include "ops/standby_reads.def"
#undef READS
};

/* Asked by every request: < 0 until reads are open. */
static int64_t lag(void *reads) {
	const struct standby_reads *r = reads;
	struct standby_state s;
	if (!r->open)
		return -1;
	standby_look(r->site->standby, &s);
	return s.readable ? s.lag : -1;
}

err standby_reads_new(struct standby_reads **out, struct site *site, struct str origin) {
	struct standby_reads *r = xcalloc(1, sizeof *r);
	*out = r;
	r->site = site;
	TRY(media_serving_read(site));
	site->feed = feed_new((size_t)config_number(site->config, SET_memory_cache));
	view_loaders(site);
	site->pages = page_cache_new(config_number(site->config, SET_memory_cache) / 8);
	site->known = media_known_new();
	TRY(gate_new(&r->gate, site));
	surfaces_add(r->gate);
	gate_serve_copy(r->gate, &(struct gate_copy){origin, paths, sizeof paths / sizeof *paths, lag, r});
	return NULL;
}

void standby_reads_free(struct standby_reads **rp) {
	struct standby_reads *r = *rp;
	if (!r)
		return;
	if (r->gate)
		gate_free(&r->gate);
	feed_free(&r->site->feed);
	page_cache_free(&r->site->pages);
	media_known_free(&r->site->known);
	free(r);
	*rp = NULL;
}

static void read_bans(struct standby_reads *r, struct db *db) {
	err e = bans_load(r->site->bans, db);
	if (e)
		log_error("address bans could not be read: %s", e->cause);
}

/* Entries of a time when the origin was itself a copy do not say what they changed. */
static bool says_nothing(const struct journal_entry *e) { return !e || e->kind == J_COPIED; }

static void apply(struct standby_reads *r, struct db *db, const struct journal_entry *e, int64_t under) {
	page_cache_apply(r->site->pages, e);
	media_known_apply(r->site->known, e);
	if (e)
		feed_apply_copied(r->site->feed, db, e, under);
	else
		feed_forget(r->site->feed);
	if (!e || e->kind == J_BANS_CHANGED || e->kind == J_BULK_LOADED)
		read_bans(r, db);
}

/* What the site tells of itself came with the rows. */
static err begin(struct standby_reads *r, struct db *db) {
	struct arena *a = arena_new();
	int64_t epoch = 0;
	err e = standby_epoch(a, db, &epoch);
	arena_free(&a);
	TRY(e);
	gate_epoch(r->gate, epoch);
	read_bans(r, db);
	r->open = true;
	log_info("public reads are answered from now on");
	return NULL;
}

void standby_reads_heard(void *reads, struct db *db, const struct journal_entry *e, int64_t under) {
	struct standby_reads *r = reads;
	if (r->open || e) {
		apply(r, db, says_nothing(e) ? NULL : e, under);
		return;
	}
	err failed = begin(r, db);
	if (failed)
		log_error("public reads cannot be answered: %s %s", failed->text, failed->cause);
}

struct handler standby_reads_handler(struct standby_reads *r) {
	return gate_handler(r->gate);
}
bool standby_reads_open(const struct standby_reads *r) { return lag((void *)(uintptr_t)r) >= 0; }
