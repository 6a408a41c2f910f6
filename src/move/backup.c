#include "move/backup.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "core/site.h"
#include "move/backup_inside.h"
#include "store/lease.h"
#include "store/local_state.h"
#include "store/media.h"

#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

enum { LEASE_MS = 60 * 1000, RENEW_MS = 15 * 1000 };
static const struct str database_key = {"database", 8};

/* ── sets of names ── */

void names_free(struct names *s) { vec_free(&s->v); }

void names_add(struct names *s, const struct blob_name *n) {
	vec_push(NULL, &s->v, *n);
	s->sorted = false;
}

bool names_add_all(struct names *s, struct str object) {
	for (struct blob_name n; object.n >= BLOB_NAME; object = str_skip(object, BLOB_NAME)) {
		memcpy(n.b, object.p, BLOB_NAME);
		names_add(s, &n);
	}
	return !object.n;
}

static int by_name(const void *a, const void *b) { return memcmp(a, b, BLOB_NAME); }

bool names_have(struct names *s, const struct blob_name *n) {
	if (!s->sorted && s->v.n)
		qsort(s->v.v, s->v.n, sizeof *s->v.v, by_name);
	s->sorted = true;
	return s->v.n && bsearch(n, s->v.v, s->v.n, sizeof *s->v.v, by_name);
}

/* ── hashes ── */

void backup_site(const char secret[32], struct blob_name *out) {
	static const char text[] = "freehold backup site";
	crypto_generichash(out->b, BLOB_NAME, (const unsigned char *)text, sizeof text - 1, (const unsigned char *)secret, 32);
}

void backup_shape(const struct backup_table *tables, size_t n, struct blob_name *out) {
	BUF_AUTO text = {0};
	for (size_t i = 0; i < n; i++) {
		buf_printf(&text, "%.*s", S_ARG(tables[i].name));
		for (size_t k = 0; k < tables[i].column_count; k++)
			buf_printf(&text, " %.*s", S_ARG(tables[i].columns[k]));
		buf_byte(&text, '\n');
	}
	crypto_generichash(out->b, BLOB_NAME, (const unsigned char *)text.p, text.n, NULL, 0);
}

static uint64_t little(const unsigned char *p) {
	uint64_t v = 0;
	for (int i = 8; i--;)
		v = v << 8 | p[i];
	return v;
}

static void put_little(unsigned char *p, uint64_t v) {
	for (int i = 0; i < 8; i++, v >>= 8)
		p[i] = (unsigned char)v;
}

void backup_sum_add(const struct backup_keys *keys, unsigned char sum[BACKUP_SUM], struct str row) {
	unsigned char one[16];
	crypto_shorthash_siphashx24(one, (const unsigned char *)row.p, row.n, keys->sum);
	for (int i = 0; i < 16; i += 8)
		put_little(sum + i, little(sum + i) + little(one + i));
}

/* ── along the way ── */

static err renew(struct backup *b, bool *held) { return store_lease_take(b->lease_db, S(MEDIA_HELD), b->holder, LEASE_MS, held); }

err backup_step(struct backup *b) {
	int64_t now = clock_mono_ms();
	bool held = true;
	if (b->order->stop && atomic_load(b->order->stop))
		return err_public(ERR_UNAVAILABLE, "the backup was stopped before it was done");
	if (b->order->tell && now - b->told >= BACKUP_TELL_MS) {
		b->told = now;
		b->order->tell(b->order->ctx, &b->result->counts);
	}
	if (now - b->renewed >= RENEW_MS) {
		b->renewed = now;
		TRY(renew(b, &held));
	}
	return held ? NULL : err_public(ERR_CONFLICT, "another backup of this network has begun meanwhile");
}

err backup_put(struct backup *b, struct str plain, struct blob_name *name) {
	vault_name(b->vault, plain, name);
	TRY(backup_step(b));
	if (!names_have(&b->known, name))
		return vault_put(b->vault, plain, name, &b->result->counts.objects);
	b->result->counts.objects.there++;
	return NULL;
}

enum { LIST_MASK = 0x3ff, LIST_MAX = 4 * 1024 * 1024 };

bool list_full(const struct list_writer *w, const struct blob_name *last) {
	return ((last->b[30] << 8 | last->b[31]) & LIST_MASK) == 0 || w->object.n >= LIST_MAX;
}

err list_put(struct backup *b, struct list_writer *w) {
	struct blob_name name;
	if (!w->object.n)
		return NULL;
	TRY(backup_put(b, buf_str(&w->object), &name));
	vec_push(b->a, &w->names, name);
	buf_clear(&w->object);
	return NULL;
}

/* ── the chain of manifests ── */

static err lost(int64_t number, const char *how) {
	return err_public(ERR_STORE, "the place has lost backups: number %lld %s", (long long)number, how);
}

static bool has_number(const int64_t *numbers, size_t n, int64_t number) {
	for (size_t i = 0; i < n; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

err backup_newest(struct arena *a, struct vault *v, struct backup_manifest *out, struct blob_name *hash) {
	int64_t *numbers;
	size_t n;
	TRY(vault_numbers(a, v, &numbers, &n));
	*out = (struct backup_manifest){0};
	if (!n)
		return err_public(ERR_NOT_FOUND, "there is no whole backup in this place");
	TRY(vault_manifest(a, v, numbers[n - 1], out, hash));
	for (size_t i = 0; i < out->kept_count; i++) {
		struct backup_manifest older;
		struct blob_name is;
		const struct backup_kept *k = &out->kept[i];
		if (!has_number(numbers, n, k->number))
			return lost(k->number, "is not there");
		TRY(vault_manifest(a, v, k->number, &older, &is));
		if (memcmp(is.b, k->hash.b, BLOB_NAME) != 0)
			return lost(k->number, "is another one than was written");
	}
	return NULL;
}

static struct str memory_key(struct backup *b) { return arena_printf(b->a, "backup.%.*s", S_ARG(vault_id(b->vault))); }

static struct str place_key(struct arena *a, struct str place) {
	unsigned char hash[16];
	BUF_AUTO b = {0};
	crypto_generichash(hash, sizeof hash, (const unsigned char *)place.p, place.n, NULL, 0);
	buf_lit(&b, "backup.place.");
	buf_hex(&b, str_mem(hash, sizeof hash));
	return arena_str(a, buf_str(&b));
}

err backup_place_known(struct ctx *c, struct str place, bool *known) {
	struct str id;
	TRY(store_local_get(c->arena, c->db, place_key(c->arena, place), &id));
	*known = id.n > 0;
	return NULL;
}

/* A place of the same name with another head was made anew by somebody. */
static err check_place(struct backup *b) {
	struct str id;
	TRY(store_local_get(b->a, b->c->db, place_key(b->a, b->order->place), &id));
	return !id.n || str_eq(id, vault_id(b->vault))
	           ? NULL
	           : err_public(ERR_STORE, "the backups in %.*s are gone: others are in their place", S_ARG(b->order->place));
}

/* Is what this database wrote last still there, or what follows it? */
static err check_memory(struct backup *b) {
	struct str text, rest;
	struct blob_name hash, *found = NULL;
	int64_t number;
	TRY(store_local_get(b->a, b->c->db, memory_key(b), &text));
	rest = text;
	if (!text.n || !str_i64(str_cut(&rest, ' '), &number) || !blob_name_read_hex(rest, &hash))
		return NULL;
	if (b->last.number < number)
		return lost(number, "was written, and the newest there is older: somebody has put back an earlier state of it");
	if (b->last.number == number)
		found = &b->last_hash;
	else if (b->last.number == number + 1)
		found = &b->last.previous;
	for (size_t i = 0; i < b->last.kept_count; i++)
		if (b->last.kept[i].number == number)
			found = &b->last.kept[i].hash;
	if (found && memcmp(found->b, hash.b, BLOB_NAME) != 0)
		return lost(number, "is another one than was written");
	b->last_is_ours = b->last.number == number && !memcmp(b->last.database.b, b->next.database.b, BLOB_NAME);
	return NULL;
}

static err look_back(struct backup *b) {
	TRY(check_place(b));
	err e = backup_newest(b->a, b->vault, &b->last, &b->last_hash);
	if (e && e->code != ERR_NOT_FOUND)
		return e;
	if (b->last.number && memcmp(b->last.site.b, b->next.site.b, BLOB_NAME) != 0)
		return err_public(ERR_CONFLICT, "the backups in this place are of another network: take another place");
	return check_memory(b);
}

/* After a loss all is read and looked for anew, under a number that was never used. */
static err start_after_loss(struct backup *b) {
	struct str text, rest;
	int64_t *numbers, highest = 0;
	size_t n;
	TRY(vault_numbers(b->a, b->vault, &numbers, &n));
	TRY(store_local_get(b->a, b->c->db, memory_key(b), &text));
	rest = text;
	if (text.n && !str_i64(str_cut(&rest, ' '), &highest))
		highest = 0;
	if (n && numbers[n - 1] > highest)
		highest = numbers[n - 1];
	b->last = (struct backup_manifest){0};
	b->last_hash = (struct blob_name){0};
	b->last_is_ours = false;
	b->next.number = highest + 1;
	return NULL;
}

struct memory {
	struct str key, value, place_key, place;
};

struct str backup_log_key(struct arena *a, const struct vault *v) {
	return arena_printf(a, "backup.log.%.*s", S_ARG(vault_id(v)));
}

static err set_memory(struct tx *tx, void *arg) {
	const struct memory *m = arg;
	if (m->place.n)
		TRY(store_local_set(tx_db(tx), m->place_key, m->place));
	return store_local_set(tx_db(tx), m->key, m->value);
}

static err remember(struct backup *b, const struct blob_name *hash) {
	BUF_AUTO text = {0};
	buf_printf(&text, "%lld ", (long long)b->next.number);
	buf_hex(&text, blob_name_str(hash));
	return tx_run(b->c->db, set_memory,
	              &(struct memory){memory_key(b), buf_str(&text), place_key(b->a, b->order->place), vault_id(b->vault)});
}

err backup_database(struct ctx *c, struct blob_name *out) {
	struct str text;
	TRY(store_local_get(c->arena, c->db, database_key, &text));
	if (blob_name_read_hex(text, out))
		return NULL;
	BUF_AUTO hex = {0};
	random_bytes(out->b, BLOB_NAME);
	buf_hex(&hex, blob_name_str(out));
	return tx_run(c->db, set_memory, &(struct memory){.key = database_key, .value = buf_str(&hex)});
}

/* ── the whole ── */

static err know_lists(struct backup *b, const struct blob_name *lists, size_t n, bool of_names) {
	struct arena *a = arena_new();
	err e = NULL;
	for (size_t i = 0; i < n && !e; i++) {
		struct str object;
		names_add(&b->known, &lists[i]);
		if (!of_names)
			continue;
		e = vault_get(a, b->vault, &lists[i], "a list of chunks", &object);
		if (!e && !names_add_all(&b->known, object))
			e = err_public(ERR_STORE, "a list of the last backup is none");
		arena_reset(a);
	}
	arena_free(&a);
	return e;
}

/* What the last backup has of rows; blobs are met in their order (backup_blobs.c). */
static err know_last(struct backup *b) {
	TRY(know_lists(b, b->last.blob_lists, b->last.blob_list_count, false));
	for (size_t i = 0; i < b->last.table_count; i++)
		TRY(know_lists(b, b->last.tables[i].lists, b->last.tables[i].list_count, true));
	return NULL;
}

static err snapshot(struct backup *b, struct names *blobs, bool *blobs_changed) {
	db_rest(b->c->db);
	b->next.at = clock_ms();
	TRY(journal_head(b->c->db, &b->next.xid, &b->next.seq));
	TRY(backup_rows(b, blobs_changed));
	if (*blobs_changed)
		TRY(backup_blob_names(b, blobs));
	db_rest(b->c->db);
	return NULL;
}

static err copy_all(struct backup *b) {
	struct names blobs = {0};
	bool changed;
	err e = snapshot(b, &blobs, &changed);
	if (!e) {
		b->result->counts.stage = BACKUP_BLOBS;
		e = changed ? backup_blobs(b, &blobs) : NULL;
	}
	names_free(&blobs);
	TRY(e);
	struct blob_name hash;
	backup_choose(b);
	TRY(vault_settle(b->vault));
	TRY(vault_put_manifest(b->vault, &b->next, &hash));
	TRY(remember(b, &hash));
	b->result->number = b->next.number;
	return backup_clear(b);
}

static err run(struct backup *b) {
	bool held;
	TRY(renew(b, &held));
	if (!held)
		return err_public(ERR_CONFLICT, "another backup of this network is being made");
	TRY(backup_database(b->c, &b->next.database));
	backup_site(b->c->site->secret, &b->next.site);
	err e = look_back(b);
	if (e && (e->code != ERR_STORE || !b->order->after_loss))
		return e;
	b->next.number = b->last.number + 1;
	b->next.previous = b->last_hash;
	if (e)
		TRY(start_after_loss(b));
	if (b->order->after_loss)
		TRY(tx_run(b->c->db, set_memory, &(struct memory){.key = backup_log_key(b->a, b->vault)}));
	TRY(know_last(b));
	return copy_all(b);
}

static struct str holder_name(struct arena *a, const struct site *site) {
	char host[256] = "";
	gethostname(host, sizeof host - 1);
	return arena_printf(a, "backup %s %.*s", host, S_ARG(site->data_dir));
}

err backup_run(struct ctx *c, const struct backup_order *order, struct backup_result *out) {
	int64_t began = clock_mono_ms();
	*out = (struct backup_result){0};
	struct backup b = {.c = c, .order = order, .vault = order->vault, .result = out, .renewed = began, .a = c->arena};
	b.holder = holder_name(b.a, c->site);
	TRY(db_open(&b.lease_db, c->site->store));
	err e = run(&b);
	struct err kept = e ? *e : (struct err){0};
	(void)store_lease_give_up(b.lease_db, b.holder);
	db_close(&b.lease_db);
	names_free(&b.known);
	out->ms = clock_mono_ms() - began;
	return e ? err_copy(&kept) : NULL;
}
