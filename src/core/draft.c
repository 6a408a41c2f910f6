#include "core/draft.h"

#include "base/id.h"
#include "base/vec.h"
#include "config/config.h"
#include "core/settings.h"
#include "core/site.h"
#include "store/account.h"
#include "store/mention.h"
#include "store/tag.h"
#include "wire/text.h"

enum { POLL_OPTION_LENGTH = 50, POLL_LEAST_S = 300, POLL_MOST_S = 2629746, TAGS_MOST = 64 };

/* ── the author's defaults ── */

static int visibility_named(struct str name) {
	static const char *const names[] = {"public", "unlisted", "private", "direct"};
	for (int v = VISIBILITY_PUBLIC; v <= VISIBILITY_DIRECT; v++)
		if (str_eq(name, str_of(names[v])))
			return v;
	return VISIBILITY_PUBLIC;
}

static err fill_defaults(struct ctx *c, struct draft *d) {
	if (d->visibility >= 0 && d->sensitive >= 0 && d->language.n)
		return NULL;
	struct settings s;
	TRY(settings_read(c, c->viewer, &s));
	if (d->visibility < 0)
		d->visibility = visibility_named(s.privacy);
	if (d->sensitive < 0)
		d->sensitive = s.sensitive;
	if (str_empty(d->language))
		d->language = s.language.n ? s.language : s.locale;
	return NULL;
}

/* Posts of somebody a moderator limited are public to nobody's timelines. */
static err cap_visibility(struct ctx *c, struct draft *d) {
	int64_t flags;
	bool found;
	if (d->visibility != VISIBILITY_PUBLIC)
		return NULL;
	TRY(store_account_flags(c->db, c->viewer, &flags, &found));
	if (flags & ACCOUNT_LIMITED)
		d->visibility = VISIBILITY_UNLISTED;
	return NULL;
}

/* ── texts ── */

/* Without CR before LF and without white space around, as browsers' forms and apps send it. */
static struct str tidy(struct arena *a, struct str s) {
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r' || (i + 1 < s.n && s.p[i + 1] != '\n'))
			p[n++] = s.p[i] == '\r' ? '\n' : s.p[i];
	return str_trim((struct str){p, n});
}

/* Nothing but white space and characters that show nothing (zero-width ones, the braille blank, Hangul fillers). */
static bool is_blank(struct str s) {
	static const char *const nothing[] = {"\xC2\xA0",     "\xE3\x80\x80", "\xE2\x80\x8B", "\xE2\x80\x8C", "\xE2\x80\x8D",
	                                      "\xE2\xA0\x80", "\xEF\xBB\xBF", "\xE3\x85\xA4", "\xE2\x81\xA0"};
	while ((s = str_trim(s)).n) {
		size_t i = 0, kinds = sizeof nothing / sizeof *nothing;
		while (i < kinds && !str_starts(s, str_of(nothing[i])))
			i++;
		if (i == kinds)
			return false;
		s = str_skip(s, strlen(nothing[i]));
	}
	return true;
}

static bool is_language(struct str s) {
	if (s.n < 2 || s.n > 8)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') && !(i >= 2 && s.p[i] == '-'))
			return false;
	return true;
}

static err check_texts(struct ctx *c, struct draft *d) {
	d->text = tidy(c->arena, d->text);
	d->warning = tidy(c->arena, d->warning);
	if (!str_utf8(d->text) || !str_utf8(d->warning))
		return err_public(ERR_INVALID, "Validation failed: Text is not valid UTF-8");
	if (is_blank(d->warning))
		d->warning = STR_NONE;
	if (is_blank(d->text)) {
		d->text = d->warning;
		d->warning = STR_NONE;
	}
	if (str_empty(d->text) && d->media_count == 0)
		return err_public(ERR_INVALID, "Validation failed: Text can't be blank");
	int64_t most = config_number(c->site->config, SET_statuses_max_characters);
	if ((int64_t)(text_length(d->text) + text_length(d->warning)) > most)
		return err_public(ERR_INVALID, "Validation failed: Text character limit of %lld exceeded", (long long)most);
	return NULL;
}

static err check_poll(struct ctx *c, const struct poll_draft *p) {
	int64_t most = config_number(c->site->config, SET_statuses_max_poll_options);
	if (p->option_count < 2)
		return err_public(ERR_INVALID, "Validation failed: Poll options must have more than one item");
	if ((int64_t)p->option_count > most)
		return err_public(ERR_INVALID, "Validation failed: Poll options can't contain more than %lld items", (long long)most);
	for (size_t i = 0; i < p->option_count; i++) {
		if (is_blank(p->options[i]))
			return err_public(ERR_INVALID, "Validation failed: Poll options can't be blank");
		if (text_length(p->options[i]) > POLL_OPTION_LENGTH)
			return err_public(ERR_INVALID, "Validation failed: Poll options can't be longer than %d characters each",
			                  POLL_OPTION_LENGTH);
		for (size_t k = 0; k < i; k++)
			if (str_eq(p->options[i], p->options[k]))
				return err_public(ERR_INVALID, "Validation failed: Poll options contain duplicate items");
	}
	if (p->expires_in < POLL_LEAST_S)
		return err_public(ERR_INVALID, "Validation failed: Expires at is too soon");
	if (p->expires_in > POLL_MOST_S)
		return err_public(ERR_INVALID, "Validation failed: Expires at is too far into the future");
	return NULL;
}

err draft_check(struct ctx *c, struct draft *d) {
	int64_t most_media = config_number(c->site->config, SET_statuses_max_media);
	TRY(check_texts(c, d));
	if ((int64_t)d->media_count > most_media)
		return err_public(ERR_INVALID, "Validation failed: Cannot attach more than %lld files", (long long)most_media);
	if (d->media_count && d->poll)
		return err_public(ERR_INVALID, "Validation failed: Cannot attach both files and a poll");
	if (d->poll)
		TRY(check_poll(c, d->poll));
	if (!is_language(d->language))
		d->language = STR_NONE;
	TRY(fill_defaults(c, d));
	if (d->warning.n)
		d->sensitive = 1;
	return cap_visibility(c, d);
}

/* ── names ── */

typedef VEC(int64_t) ids;
typedef VEC(struct named_tag) tags;

static err add_account(struct ctx *c, ids *accounts, const struct text_find *f) {
	struct str domain = str_eq_ci(f->domain, c->site->domain) ? STR_NONE : f->domain;
	int64_t id, flags;
	bool blocked;
	TRY(store_mention_resolve(c->db, f->name, domain, c->viewer, &id, &flags, &blocked));
	if (!id || id == c->viewer || blocked || flags & ACCOUNT_GONE)
		return NULL;
	for (size_t i = 0; i < accounts->n; i++)
		if (accounts->v[i] == id)
			return NULL;
	vec_push(c->arena, accounts, id);
	return NULL;
}

static void add_tag(struct ctx *c, tags *found, struct str name) {
	struct named_tag t = {text_tag_fold(c->arena, name), name};
	for (size_t i = 0; i < found->n; i++)
		if (str_eq(found->v[i].folded, t.folded))
			return;
	if (found->n < TAGS_MOST)
		vec_push(c->arena, found, t);
}

err draft_named(struct ctx *c, struct str text, struct named *out) {
	ids accounts = {0};
	tags found = {0};
	struct text_find f;
	for (size_t at = 0; text_next(text, &at, &f);) {
		if (f.kind == TEXT_MENTION)
			TRY(add_account(c, &accounts, &f));
		if (f.kind == TEXT_TAG)
			add_tag(c, &found, f.name);
	}
	*out = (struct named){accounts.v, accounts.n, found.v, found.n};
	return NULL;
}

err named_put(struct tx *tx, int64_t status, const struct named *n) {
	for (size_t i = 0; i < n->account_count; i++)
		TRY(store_mention_insert(tx, status, n->accounts[i], false));
	for (size_t i = 0; i < n->tag_count; i++) {
		int64_t tag;
		TRY(store_tag_ensure(tx, n->tags[i].folded, n->tags[i].display, id_new(), &tag));
		TRY(store_tag_status_insert(tx, tag, status));
	}
	return NULL;
}
