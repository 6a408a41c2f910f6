#include "base/log.h"
#include "core/site.h"
#include "move/backup_inside.h"
#include "move/cutter.h"
#include "store/media.h"

enum { NAMES_AT_ONCE = 5000 };

err backup_blob_names(struct backup *b, struct names *out) {
	struct arena *a = arena_new();
	struct blob_name last, *page;
	bool any = false;
	size_t n;
	err e;
	do {
		arena_reset(a);
		e = store_blob_page(a, b->c->db, any ? &last : NULL, NAMES_AT_ONCE, &page, &n);
		for (size_t i = 0; i < n && !e; i++)
			names_add(out, &page[i]);
		if (!e && n) {
			last = page[n - 1];
			any = true;
		}
	} while (!e && n == NAMES_AT_ONCE);
	arena_free(&a);
	return e;
}

/* ── the last backup's blobs, in their order ── */

struct before {
	struct backup *b;
	struct arena *a; /* for one list */
	size_t next;     /* of the lists */
	struct str rest;
	struct backup_blob blob;
	bool have;
};

static err step_before(struct before *p) {
	bool bad;
	while (!(p->have = backup_blob_next(&p->rest, &p->blob, &bad))) {
		if (bad)
			return err_public(ERR_STORE, "a list of the last backup is none");
		if (p->next == p->b->last.blob_list_count)
			return NULL;
		arena_reset(p->a);
		TRY(vault_get(p->a, p->b->vault, &p->b->last.blob_lists[p->next++], "a list of blobs", &p->rest));
	}
	return NULL;
}

/* *same: the last backup has it. */
static err seek_before(struct before *p, const struct blob_name *name, bool *same) {
	while (p->have && memcmp(p->blob.name.b, name->b, BLOB_NAME) < 0)
		TRY(step_before(p));
	*same = p->have && !memcmp(p->blob.name.b, name->b, BLOB_NAME);
	return NULL;
}

/* ── one blob ── */

static err put_chunk(void *backup, struct str chunk, struct blob_name *name) { return backup_put(backup, chunk, name); }

/* One that the store has lost costs the others nothing. */
static err copy_blob(struct backup *b, const struct blob_name *name, struct list_writer *list) {
	struct cutter c = {.put = put_chunk, .ctx = b};
	err e = cutter_blob(&c, b->c->site->blobs, name);
	if (!e) {
		backup_blob_write(&list->object, &(struct backup_blob){*name, c.size, (const unsigned char *)c.names.p,
		                                                       (uint32_t)(c.names.n / BLOB_NAME)});
		b->next.blob_bytes += c.size;
		b->result->counts.blobs_sent++;
	} else if (cutter_lost(&c, e)) {
		BUF_AUTO hex = {0};
		buf_hex(&hex, blob_name_str(name));
		log_warn("backup: the media store cannot give %.*s: %s", S_ARG(buf_str(&hex)), e->cause[0] ? e->cause : e->text);
		b->next.blobs_missing = ++b->result->counts.blobs_missing;
		e = NULL;
	}
	cutter_free(&c);
	return e;
}

static err take_blob(struct backup *b, struct before *p, struct list_writer *list, const struct blob_name *name) {
	bool same;
	TRY(backup_step(b));
	TRY(seek_before(p, name, &same));
	if (same) {
		backup_blob_write(&list->object, &p->blob);
		b->next.blob_bytes += p->blob.size;
	} else {
		TRY(copy_blob(b, name, list));
	}
	b->result->counts.blobs_done++;
	return list_full(list, name) ? list_put(b, list) : NULL;
}

static err take_all(struct backup *b, struct before *p, struct list_writer *list, const struct names *names) {
	TRY(step_before(p));
	for (size_t i = 0; i < names->v.n; i++)
		TRY(take_blob(b, p, list, &names->v.v[i]));
	return list_put(b, list);
}

err backup_blobs(struct backup *b, struct names *names) {
	struct before p = {.b = b, .a = arena_new()};
	struct list_writer list = {0};
	b->result->counts.blobs = (int64_t)names->v.n;
	b->result->counts.blobs_done = 0;
	b->next.blob_bytes = b->next.blobs_missing = 0;
	err e = take_all(b, &p, &list, names);
	b->next.blobs = (int64_t)names->v.n - b->next.blobs_missing;
	b->next.blob_lists = list.names.v;
	b->next.blob_list_count = list.names.n;
	buf_free(&list.object);
	arena_free(&p.a);
	return e;
}
