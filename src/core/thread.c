#include "core/thread.h"

#include "base/vec.h"
#include "core/policy.h"
#include "store/account.h"
#include "store/relation.h"

enum { ABOVE_STRANGER = 40, BELOW_STRANGER = 60, DEPTH_STRANGER = 20, ABOVE_MOST = 1000, BELOW_MOST = 1000, DEPTH_MOST = 1000 };

/* What was decided about an author of the thread: people answer each other many times. */
struct verdict {
	int64_t author;
	bool wanted;
};
struct reading {
	struct ctx *c;
	VEC(struct verdict) verdicts;
};

static bool judge_author(struct ctx *c, int64_t author) {
	struct relation r;
	bool found;
	if (author == c->viewer)
		return true;
	if (store_relation(c->arena, c->db, c->viewer, author, &r, &found) || !found)
		return false;
	return !r.blocking && !r.muting && !(r.target_flags & ACCOUNT_LIMITED && !r.following);
}

static bool author_wanted(struct reading *t, int64_t author) {
	for (size_t i = 0; i < t->verdicts.n; i++)
		if (t->verdicts.v[i].author == author)
			return t->verdicts.v[i].wanted;
	struct verdict v = {author, judge_author(t->c, author)};
	vec_push(t->c->arena, &t->verdicts, v);
	return v.wanted;
}

static bool shown(struct reading *t, int64_t id) {
	struct status s;
	return !status_visible(t->c, id, &s) && author_wanted(t, s.author_id);
}

bool thread_shows(struct ctx *c, int64_t id) { return shown(&(struct reading){.c = c}, id); }

static err read_above(struct reading *t, int64_t id, struct thread *out) {
	int64_t *ids;
	size_t n;
	TRY(store_status_ancestors(t->c->arena, t->c->db, id, t->c->viewer ? ABOVE_MOST : ABOVE_STRANGER, &ids, &n));
	out->above = arena_many(t->c->arena, int64_t, n + 1);
	while (n-- > 0)
		if (shown(t, ids[n]))
			out->above[out->above_count++] = ids[n];
	return NULL;
}

static int by_parent(const void *a, const void *b) {
	const struct status_link *x = a, *y = b;
	if (x->parent != y->parent)
		return x->parent < y->parent ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* The first link with that parent, in links sorted by_parent. */
static size_t first_of(const struct status_link *links, size_t n, int64_t parent) {
	size_t low = 0, high = n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (links[middle].parent < parent)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Depth first, oldest first; the stack is our own, because strangers decide how deep a thread goes. */
static void put_in_order(struct reading *t, const struct status_link *links, size_t n, int64_t root, struct thread *out) {
	VEC(size_t) stack = {0};
	out->below = arena_many(t->c->arena, int64_t, n + 1);
	size_t at = first_of(links, n, root);
	if (at < n && links[at].parent == root)
		vec_push(t->c->arena, &stack, at);
	while (stack.n) {
		at = stack.v[--stack.n];
		if (at + 1 < n && links[at + 1].parent == links[at].parent)
			vec_push(t->c->arena, &stack, at + 1);
		if (shown(t, links[at].id))
			out->below[out->below_count++] = links[at].id;
		size_t child = first_of(links, n, links[at].id);
		if (child < n && links[child].parent == links[at].id)
			vec_push(t->c->arena, &stack, child);
	}
}

static err read_below(struct reading *t, int64_t id, struct thread *out) {
	struct status_link *links;
	size_t n;
	bool stranger = !t->c->viewer;
	TRY(store_status_descendants(t->c->arena, t->c->db, id, stranger ? DEPTH_STRANGER : DEPTH_MOST,
	                             stranger ? BELOW_STRANGER : BELOW_MOST, &links, &n));
	if (n)
		qsort(links, n, sizeof *links, by_parent);
	put_in_order(t, links, n, id, out);
	return NULL;
}

err thread_of(struct ctx *c, int64_t id, struct thread *out) {
	struct reading t = {.c = c};
	struct status s;
	*out = (struct thread){0};
	TRY(status_visible(c, id, &s));
	TRY(read_above(&t, id, out));
	return read_below(&t, id, out);
}
