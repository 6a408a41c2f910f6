#include "core/status_edit.h"

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "core/policy.h"
#include "core/poll.h"
#include "core/status_create.h"
#include "store/media.h"
#include "store/mention.h"
#include "store/tag.h"

enum { FORMS_MOST = 500 };

struct act {
	struct ctx *c;
	int64_t id;
	const struct draft *d;
	struct named named;
	bool keep_poll;
};

/* The post as it is now, media and poll included. */
struct form {
	struct status s;
	struct media *media;
	size_t media_count;
	struct poll poll;
	bool has_poll;
};

static err read_form(struct ctx *c, struct db *db, int64_t id, struct form *f) {
	bool found;
	TRY(store_status_by_id(c->arena, db, id, &f->s, &found));
	if (!found || f->s.author_id != c->viewer || f->s.boost_of_id)
		return err_plain(ERR_NOT_FOUND);
	TRY(store_media_of_status(c->arena, db, id, &f->media, &f->media_count));
	return store_poll_by_status(c->arena, db, id, &f->poll, &f->has_poll);
}

/* {"media":[…],"poll":[…]}: what a form had besides its texts. */
static struct str extra_of(struct ctx *c, const struct form *f) {
	BUF_AUTO b = {0};
	buf_lit(&b, "{\"media\":[");
	for (size_t i = 0; i < f->media_count; i++) {
		if (i)
			buf_byte(&b, ',');
		buf_i64(&b, f->media[i].id);
	}
	buf_lit(&b, "],\"poll\":[");
	for (size_t i = 0; f->has_poll && i < f->poll.option_count; i++) {
		if (i)
			buf_byte(&b, ',');
		buf_json_string(&b, f->poll.options[i]);
	}
	buf_lit(&b, "]}");
	return arena_str(c->arena, buf_str(&b));
}

static err put_form(struct ctx *c, struct tx *tx, const struct form *f, int64_t id) {
	struct status_edit e = {.id = id, .flags = f->s.flags, .text = f->s.text, .warning = f->s.warning};
	if (f->media_count || f->has_poll)
		e.extra = extra_of(c, f);
	return store_status_edit_insert(tx, f->s.id, &e);
}

static bool same_media(const struct form *f, const struct draft *d) {
	if (f->media_count != d->media_count)
		return false;
	for (size_t i = 0; i < d->media_count; i++)
		if (f->media[i].id != d->media[i])
			return false;
	return true;
}

static struct media with_words(const struct media *m, const struct picture_words *w) {
	struct media out = *m;
	if (w->has_description)
		out.description = w->description;
	if (w->has_focus) {
		out.focus_x = w->focus_x;
		out.focus_y = w->focus_y;
	}
	return out;
}

static bool same_words(const struct form *f, const struct draft *d) {
	for (size_t i = 0; i < d->words_count; i++)
		for (size_t k = 0; k < f->media_count; k++) {
			const struct media *m = &f->media[k];
			struct media new = with_words(m, &d->words[i]);
			if (m->id == d->words[i].media &&
			    !(str_eq(new.description, m->description) && new.focus_x == m->focus_x &&new.focus_y == m->focus_y))
				return false;
		}
	return true;
}

static err change_words(struct ctx *c, struct tx *tx, const struct act *act) {
	const struct draft *d = act->d;
	for (size_t i = 0; i < d->words_count; i++) {
		struct media m;
		bool found;
		TRY(store_media_by_id(c->arena, tx_db(tx), d->words[i].media, &m, &found));
		if (!found || m.status_id != act->id)
			continue;
		m = with_words(&m, &d->words[i]);
		TRY(store_media_update(tx, &m));
	}
	return NULL;
}

static bool same_choices(const struct poll *p, const struct poll_draft *d) {
	if (p->option_count != d->option_count || ((p->flags & POLL_MULTIPLE) != 0) != d->multiple)
		return false;
	for (size_t i = 0; i < d->option_count; i++)
		if (!str_eq(p->options[i], d->options[i]))
			return false;
	return true;
}

static bool same_poll(const struct form *f, const struct act *act) {
	if (act->keep_poll || !act->d->poll)
		return act->keep_poll || !f->has_poll;
	return f->has_poll && same_choices(&f->poll, act->d->poll) &&
	       ((f->poll.flags & POLL_HIDE_TOTALS) != 0) == act->d->poll->hide_totals;
}

/* The same form with other flags or language only: nothing readers would call an edit. */
static bool same_form(const struct form *f, const struct act *act) {
	const struct draft *d = act->d;
	return str_eq(f->s.text, d->text) && str_eq(f->s.warning, d->warning) &&
	       ((f->s.flags & STATUS_SENSITIVE) != 0) == (d->sensitive == 1) && same_media(f, d) && same_words(f, d) && same_poll(f, act);
}

static err change_poll(struct tx *tx, const struct form *f, const struct act *act, int64_t now) {
	if (same_poll(f, act))
		return NULL;
	TRY(store_poll_delete_voted(tx, act->id));
	return act->d->poll ? poll_put(tx, act->id, act->d->poll, now) : NULL;
}

static int64_t flag_if(bool on, int64_t flag) { return on ? flag : 0; }

static err edit_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct ctx *c = act->c;
	const struct draft *d = act->d;
	struct form f, was;
	TRY(read_form(c, tx_db(tx), act->id, &f));
	if (same_form(&f, act) && str_eq(f.s.language, d->language))
		return NULL;
	TRY(tx_journal(tx, J_STATUS_EDITED, act->id, c->viewer, 0));
	if (same_form(&f, act)) {
		f.s.language = d->language;
		return store_status_update(tx, &f.s);
	}
	was = f;
	if (!(was.s.flags & STATUS_EDITED))
		TRY(put_form(c, tx, &was, act->id));
	int64_t now = clock_ms();
	bool poll = act->keep_poll ? f.has_poll : d->poll != NULL;
	f.s.flags &= ~(int64_t)(STATUS_SENSITIVE | STATUS_HAS_MEDIA | STATUS_HAS_POLL | STATUS_HAS_MENTIONS | STATUS_HAS_TAGS);
	f.s.flags |= STATUS_EDITED | flag_if(d->sensitive == 1, STATUS_SENSITIVE) | flag_if(d->media_count, STATUS_HAS_MEDIA) |
	             flag_if(poll, STATUS_HAS_POLL) |
	             flag_if(act->named.account_count || was.s.flags & STATUS_HAS_MENTIONS, STATUS_HAS_MENTIONS) |
	             flag_if(act->named.tag_count, STATUS_HAS_TAGS);
	f.s.text = d->text;
	f.s.warning = d->warning;
	f.s.language = d->language;
	f.s.edited_at = now;
	TRY(store_status_update(tx, &f.s));
	TRY(store_mentions_silence(tx, act->id));
	TRY(store_tag_status_delete(tx, act->id));
	TRY(named_put(tx, act->id, &act->named));
	TRY(store_media_release(tx, act->id, d->media, d->media_count));
	TRY(status_attach(c, tx, act->id, d->media, d->media_count, true));
	TRY(change_words(c, tx, act));
	TRY(change_poll(tx, &f, act, now));
	struct form new;
	TRY(read_form(c, tx_db(tx), act->id, &new));
	return put_form(c, tx, &new, id_new());
}

err status_edit(struct ctx *c, int64_t id, struct draft *d, bool keep_poll) {
	struct act act = {.c = c, .id = id, .d = d, .keep_poll = keep_poll};
	TRY(draft_check(c, d));
	TRY(draft_named(c, d->text, &act.named));
	return tx_run(c->db, edit_tx, &act);
}

err status_history(struct ctx *c, int64_t id, struct status *s, struct status_edit **out, size_t *n) {
	TRY(status_visible(c, id, s));
	return store_status_edits(c->arena, c->db, id, FORMS_MOST, out, n);
}
