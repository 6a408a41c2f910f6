#include "core/status_delete.h"

#include "core/conversation.h"
#include "core/status_create.h"
#include "store/card.h"
#include "store/media.h"
#include "store/mention.h"
#include "store/pin.h"
#include "store/poll.h"
#include "store/purge.h"
#include "store/status_edit.h"
#include "store/tag.h"

/* Rows of each table in one transaction: some tens of milliseconds at most. */
enum { BATCH = 250 };

/* What a post took part in is counted back before its rows go. */
static err uncount(struct tx *tx, const struct status *s) {
	if (status_visibility(s) != VISIBILITY_DIRECT)
		TRY(store_status_of_account_add(tx, s->author_id, -1, 0));
	if (s->boost_of_id && status_counts_openly(s))
		return store_status_count_take(tx, s->boost_of_id, 0, 1, 0);
	if (s->reply_to_id && status_counts_openly(s))
		return store_status_count_take(tx, s->reply_to_id, 1, 0, 0);
	return NULL;
}

static err drop_media(struct ctx *c, struct tx *tx, const struct status *s) {
	struct media *media;
	size_t n;
	TRY(store_media_of_status(c->arena, tx_db(tx), s->id, &media, &n));
	for (size_t i = 0; i < n; i++)
		TRY(store_media_drop(tx, media[i].id));
	return NULL;
}

err status_remove(struct ctx *c, struct tx *tx, const struct status *s, bool with_media) {
	bool pinned, more;
	TRY(uncount(tx, s));
	if (status_visibility(s) == VISIBILITY_DIRECT)
		TRY(conversation_take(c, tx, s));
	if (s->flags & STATUS_HAS_MEDIA)
		TRY(with_media ? drop_media(c, tx, s) : store_media_release(tx, s->id, NULL, 0));
	if (s->flags & STATUS_HAS_POLL)
		TRY(store_poll_delete(tx, s->id));
	if (s->flags & STATUS_EDITED)
		TRY(store_status_edits_delete(tx, s->id));
	if (s->flags & STATUS_HAS_CARD)
		TRY(store_card_unlink(tx, s->id));
	TRY(store_mentions_delete(tx, s->id));
	TRY(store_tag_status_delete(tx, s->id));
	TRY(store_pin_delete(tx, s->author_id, s->id, &pinned));
	TRY(store_status_delete(tx, s->id));
	TRY(store_purge_status(tx, s->id, BATCH, &more));
	return more ? store_job_add(tx, S(STATUS_PURGE_JOB), 0, s->id, 0, STR_NONE, NULL) : NULL;
}

struct act {
	struct ctx *c;
	int64_t id;
	bool with_media, any_author;
	struct status *was;
};

static err delete_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	bool found;
	TRY(store_status_by_id(act->c->arena, tx_db(tx), act->id, act->was, &found));
	if (!found || (!act->any_author && act->was->author_id != act->c->viewer))
		return err_plain(ERR_NOT_FOUND);
	TRY(tx_journal(tx, J_STATUS_DELETED, act->id, act->was->author_id,
	               act->was->boost_of_id ? act->was->boost_of_id : -act->was->reply_to_id));
	return status_remove(act->c, tx, act->was, act->with_media);
}

err status_delete(struct ctx *c, int64_t id, bool with_media, struct status *was) {
	return tx_run(c->db, delete_tx, &(struct act){c, id, with_media, false, was});
}

err status_delete_by_moderator(struct ctx *c, int64_t id, struct status *was) {
	return tx_run(c->db, delete_tx, &(struct act){c, id, true, true, was});
}

/* ── what many others did with it ── */

struct purging {
	int64_t id;
	bool more;
};

static err purge_tx(struct tx *tx, void *arg) {
	struct purging *p = arg;
	TRY(tx_journal(tx, J_STATUS_PURGED, p->id, 0, 0));
	return store_purge_status(tx, p->id, BATCH, &p->more);
}

err status_purge(struct ctx *c, const struct job *job) {
	struct purging p = {job->a, true};
	while (p.more)
		TRY(tx_run(c->db, purge_tx, &p));
	return NULL;
}
