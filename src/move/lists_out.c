#include "move/lists_out.h"

#include "core/relation.h"
#include "core/site.h"
#include "store/account.h"
#include "store/block.h"
#include "store/bookmark.h"
#include "store/follow.h"
#include "store/list.h"
#include "store/mute.h"
#include "store/relation.h"
#include "store/status.h"
#include "wire/csv.h"

enum { PAGE = 500 };

/* Nothing for accounts that are gone: nobody could find them. */
static err handle(struct ctx *c, int64_t id, struct str *out) {
	struct account_row row;
	bool found;
	TRY(store_account_by_id(c->arena, c->db, id, &row, &found));
	*out = found && !(row.flags & ACCOUNT_GONE) ? arena_printf(c->arena, "%.*s@%.*s", S_ARG(row.username), S_ARG(c->site->domain))
	                                            : STR_NONE;
	return NULL;
}

static struct str word(bool b) { return b ? S("true") : S("false"); }

static void put_languages(struct buf *out, struct arena *a, struct str languages) {
	BUF_AUTO joined = {0};
	for (bool first = true; languages.n; first = false) {
		buf_put(&joined, first ? S("") : S(", "));
		buf_put(&joined, str_cut(&languages, ','));
	}
	csv_put(out, buf_str(&joined));
}

static err put_follow(struct ctx *c, struct buf *out, int64_t id) {
	struct relation r;
	struct str name;
	TRY(handle(c, id, &name));
	TRY(relation_get(c, id, true, &r));
	if (!name.n)
		return NULL;
	csv_put(out, name);
	buf_byte(out, ',');
	buf_put(out, word(!(r.follow_flags & FOLLOW_NO_BOOSTS)));
	buf_byte(out, ',');
	buf_put(out, word(r.follow_flags & FOLLOW_NOTIFY));
	buf_byte(out, ',');
	put_languages(out, c->arena, r.languages);
	buf_byte(out, '\n');
	return NULL;
}

static err put_name(struct ctx *c, struct buf *out, int64_t id) {
	struct str name;
	TRY(handle(c, id, &name));
	if (!name.n)
		return NULL;
	csv_put(out, name);
	buf_byte(out, '\n');
	return NULL;
}

typedef err (*page_fn)(struct arena *a, struct db *db, int64_t account, struct range r, struct placed_ids *out);
typedef err (*put_fn)(struct ctx *c, struct buf *out, int64_t id);

static err put_pages(struct ctx *c, struct buf *out, int64_t owner, page_fn page, put_fn put) {
	struct placed_ids found;
	int64_t below = 0;
	do {
		TRY(page(c->arena, c->db, owner, range_of(PAGE, below, 0, 0), &found));
		for (size_t i = 0; i < found.n; i++)
			TRY(put(c, out, found.v[i].id));
		if (found.n)
			below = found.v[found.n - 1].cursor;
	} while (found.n == PAGE);
	return NULL;
}

static err following(struct ctx *c, struct buf *out) {
	buf_lit(out, "Account address,Show boosts,Notify on new posts,Languages\n");
	return put_pages(c, out, c->viewer, store_following, put_follow);
}

static err blocked(struct ctx *c, struct buf *out) { return put_pages(c, out, c->viewer, store_blocks, put_name); }

static err muted(struct ctx *c, struct buf *out) {
	struct mute *found;
	size_t n;
	int64_t below = 0;
	buf_lit(out, "Account address,Hide notifications\n");
	do {
		TRY(store_mutes(c->arena, c->db, c->viewer, range_of(PAGE, below, 0, 0), &found, &n));
		for (size_t i = 0; i < n; i++) {
			struct str name;
			TRY(handle(c, found[i].target_id, &name));
			below = found[i].id;
			if (name.n)
				buf_printf(out, "%.*s,%s\n", S_ARG(name), found[i].notifications ? "true" : "false");
		}
	} while (n == PAGE);
	return NULL;
}

static err put_list(struct ctx *c, struct buf *out, const struct list *l) {
	struct placed_ids found;
	int64_t below = 0;
	do {
		TRY(store_list_members(c->arena, c->db, l->id, range_of(PAGE, below, 0, 0), &found));
		for (size_t i = 0; i < found.n; i++) {
			struct str name;
			TRY(handle(c, found.v[i].id, &name));
			below = found.v[i].cursor;
			if (!name.n)
				continue;
			csv_put(out, l->title);
			buf_printf(out, ",%.*s\n", S_ARG(name));
		}
	} while (found.n == PAGE);
	return NULL;
}

static err lists(struct ctx *c, struct buf *out) {
	struct list *all;
	size_t n;
	TRY(store_lists(c->arena, c->db, c->viewer, &all, &n));
	for (size_t i = 0; i < n; i++)
		TRY(put_list(c, out, &all[i]));
	return NULL;
}

static err put_bookmark(struct ctx *c, struct buf *out, int64_t id) {
	struct status s;
	struct account_row row;
	bool found;
	TRY(store_status_by_id(c->arena, c->db, id, &s, &found));
	if (found)
		TRY(store_account_by_id(c->arena, c->db, s.author_id, &row, &found));
	if (found)
		buf_printf(out, "%.*s/@%.*s/%lld\n", S_ARG(c->site->base_url), S_ARG(row.username), (long long)id);
	return NULL;
}

static err bookmarks(struct ctx *c, struct buf *out) { return put_pages(c, out, c->viewer, store_bookmarks_of, put_bookmark); }

const struct list_file list_files[LIST_FILES] = {
    {"following_accounts.csv", following}, {"blocked_accounts.csv", blocked}, {"muted_accounts.csv", muted}, {"lists.csv", lists},
    {"bookmarks.csv", bookmarks},
};
