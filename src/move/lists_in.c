/* Lists of another place, as Mastodon writes them (app/models/export.rb): CSV, with the headers it gives some of them. */
#include "base/vec.h"
#include "core/block.h"
#include "core/follow.h"
#include "core/list.h"
#include "core/site.h"
#include "core/status_mark.h"
#include "move/transfer_run.h"
#include "store/account.h"
#include "store/bookmark.h"
#include "store/follow.h"
#include "wire/csv.h"

struct line {
	int64_t number;
	const struct str *f;
	size_t n;
};

static bool yes(struct str s) { return str_eq_ci(s, S("true")) || str_eq(s, S("1")); }

/* "@name@domain", "name@domain" or "name"; other places' people are not ours, whatever their name is. */
static err find_account(struct transfer_run *r, struct str handle, int64_t *out) {
	bool found;
	handle = str_trim(handle);
	if (str_starts(handle, S("@")))
		handle = str_skip(handle, 1);
	struct str domain = handle, name = str_cut(&domain, '@');
	if (!name.n || !str_utf8(handle))
		return err_public(ERR_NOT_FOUND, "this is no account's name");
	if (domain.n && !str_eq_ci(domain, r->c.site->domain))
		return err_public(ERR_NOT_FOUND, "the account is of another network, %.*s", S_ARG(str_first(domain, 100)));
	TRY(store_account_id_by_name(r->c.db, name, STR_NONE, out, &found));
	return found ? NULL : err_public(ERR_NOT_FOUND, "there is no such account here");
}

static err count(struct transfer_run *r, bool known) {
	++*(known ? &r->t.known : &r->t.taken);
	return NULL;
}

static err follow_in(struct transfer_run *r, const struct line *l) {
	struct follow_wish wish = {0};
	int64_t target;
	bool known;
	TRY(find_account(r, l->f[0], &target));
	TRY(store_follow_is(r->c.db, r->c.viewer, target, &known));
	if (l->n > 1 && l->f[1].n)
		wish.has_boosts = true, wish.boosts = yes(l->f[1]);
	if (l->n > 2 && l->f[2].n)
		wish.has_notify = true, wish.notify = yes(l->f[2]);
	TRY(follow_account(&r->c, target, &wish));
	return count(r, known);
}

static err block_in(struct transfer_run *r, const struct line *l) {
	int64_t target;
	TRY(find_account(r, l->f[0], &target));
	TRY(block_account(&r->c, target));
	return count(r, false);
}

static err mute_in(struct transfer_run *r, const struct line *l) {
	int64_t target;
	TRY(find_account(r, l->f[0], &target));
	TRY(mute_account(&r->c, target, l->n < 2 || !l->f[1].n || yes(l->f[1]), 0));
	return count(r, false);
}

static err find_list(struct transfer_run *r, struct str title, struct list *out) {
	struct list *lists;
	size_t n;
	TRY(store_lists(r->c.arena, r->c.db, r->c.viewer, &lists, &n));
	for (size_t i = 0; i < n; i++)
		if (str_eq(lists[i].title, title))
			return *out = lists[i], NULL;
	*out = (struct list){.account_id = r->c.viewer, .title = title, .replies = LIST_REPLIES_LIST};
	return list_save(&r->c, out);
}

static err member_in(struct transfer_run *r, const struct line *l) {
	struct list list;
	int64_t target;
	bool known;
	if (l->n < 2)
		return err_public(ERR_INVALID, "there is no account behind the list's name");
	TRY(find_account(r, l->f[1], &target));
	TRY(find_list(r, str_trim(l->f[0]), &list));
	TRY(store_list_has(r->c.db, list.id, target, &known));
	if (!known)
		TRY(list_add(&r->c, list.id, &target, 1));
	return count(r, known);
}

/* BASE/@name/ID, BASE/users/name/statuses/ID: posts of this network by their addresses. */
static err bookmark_in(struct transfer_run *r, const struct line *l) {
	struct str uri = str_trim(l->f[0]), base = r->c.site->base_url;
	int64_t id = 0, bookmark, status;
	size_t at = uri.n;
	while (at && uri.p[at - 1] != '/')
		at--;
	if (!str_starts(uri, base) || !str_starts(str_skip(uri, base.n), S("/")))
		return err_public(ERR_NOT_FOUND, "the post is of another network");
	if (!str_i64(str_skip(uri, at), &id))
		return err_public(ERR_NOT_FOUND, "this is no address of a post");
	TRY(store_bookmark_by(r->c.db, r->c.viewer, id, &bookmark));
	err e = status_bookmark(&r->c, id, true, &status);
	if (e && e->code == ERR_NOT_FOUND)
		return err_public(ERR_NOT_FOUND, "there is no such post here for you");
	TRY(e);
	return count(r, bookmark != 0);
}

/* ── all kinds ── */

static bool is_header(const struct line *l) {
	return l->number == 1 && (str_eq_ci(l->f[0], S("Account address")) || str_starts(l->f[0], S("#")));
}

static err one(struct transfer_run *r, const struct line *l) {
	switch (r->t.kind) {
	case TRANSFER_FOLLOWS: return follow_in(r, l);
	case TRANSFER_BLOCKS: return block_in(r, l);
	case TRANSFER_MUTES: return mute_in(r, l);
	case TRANSFER_LISTS: return member_in(r, l);
	default: return bookmark_in(r, l);
	}
}

static err line_in(struct transfer_run *r, const struct line *l, bool wrong) {
	if (wrong) {
		transfer_refuse(r, l->number, "the quotes of this line do not fit together");
		return NULL;
	}
	if (is_header(l))
		return NULL;
	err e = one(r, l);
	if (!e)
		return NULL;
	struct err kept = *e;
	if (!transfer_is_about_line(e))
		return err_copy(&kept);
	struct str name = str_first(l->f[r->t.kind == TRANSFER_LISTS && l->n > 1], 100);
	transfer_refuse(r, l->number, "%.*s: %s", S_ARG(name), kept.text);
	return NULL;
}

err transfer_lists_in(struct transfer_run *r, struct str file) {
	struct csv csv = csv_of(file);
	struct str fields[CSV_FIELDS_MAX];
	struct line l = {.f = fields};
	bool wrong;
	r->t.total = (int64_t)file.n;
	if (!str_utf8(file))
		return err_public(ERR_INVALID, "The file is no list: it is not UTF-8 text");
	while (csv_next(&csv, r->c.arena, fields, &l.n, &wrong)) {
		l.number = csv.line;
		TRY(line_in(r, &l, wrong));
		db_rest(r->c.db);
		arena_reset(r->c.arena);
		r->t.position = r->t.total - (int64_t)csv.rest.n;
		TRY(transfer_step(r));
	}
	r->t.position = r->t.total;
	return NULL;
}
