#include "move/rehearsal.h"

#include "base/id.h"
#include "core/secret.h"
#include "move/origin.h"
#include "store/image.h"
#include "store/site.h"
#include "store/standby.h"
#include "wire/row.h"

enum { COLUMNS_MAX = 64 };
static const struct str note_key = {"drill", 5};

/* ── its standby ── */

struct revoke {
	struct standby_row *v;
	size_t n;
};

static err revoke_tx(struct tx *tx, void *arg) {
	const struct revoke *r = arg;
	bool found;
	for (size_t i = 0; i < r->n; i++)
		if (standby_rehearses(r->v[i].name))
			TRY(store_standby_revoke(tx, r->v[i].name, &found));
	return NULL;
}

err rehearsal_end(struct ctx *c) {
	struct revoke r;
	TRY(store_standby_list(c->arena, c->db, &r.v, &r.n));
	return tx_run(c->db, revoke_tx, &r);
}

err rehearsal_begin(struct ctx *c, struct str *token) {
	unsigned char drawn[6];
	BUF_AUTO name = {0};
	TRY(rehearsal_end(c));
	random_bytes(drawn, sizeof drawn);
	buf_lit(&name, STANDBY_REHEARSAL);
	buf_hex(&name, str_mem(drawn, sizeof drawn));
	return origin_invite(c, arena_str(c->arena, buf_str(&name)), token);
}

/* ── rows ── */

/* The engines write a row with other spaces: the shortest form is hashed. */
static err print_of(struct arena *a, struct str row, char print[ROW_PRINT]) {
	struct row_value values[COLUMNS_MAX];
	char hash[SECRET_HASH];
	size_t n, at;
	BUF_AUTO text = {0};
	print[0] = 0;
	if (!row.n)
		return NULL;
	if (!row_parse(a, row, values, COLUMNS_MAX, &n, &at))
		return err_private(ERR_INTERNAL, "a row cannot be read");
	row_write(&text, values, n);
	secret_hash(buf_str(&text), hash);
	buf_clear(&text);
	buf_hex(&text, str_mem(hash, sizeof hash));
	memcpy(print, text.p, ROW_PRINT - 1);
	print[ROW_PRINT - 1] = 0;
	return NULL;
}

err rehearsal_print(struct arena *a, struct db *db, struct rehearsal_row *row) {
	struct image_table t;
	struct str text;
	TRY(image_table_find(db, a, row->table, &t));
	TRY(image_row(db, a, &t, row->key, &text));
	return print_of(a, text, row->print);
}

static bool drawn_already(const struct rehearsal_row *v, size_t n, const struct rehearsal_row *one) {
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].table, one->table) && str_eq(v[i].key, one->key))
			return true;
	return false;
}

/* The first row behind an id. */
static err draw_at(struct arena *a, struct db *db, const struct image_table *t, int64_t after, struct rehearsal_row *v, size_t *n) {
	struct image *rows;
	size_t found;
	struct rehearsal_row one = {.table = t->name};
	TRY(image_rows(db, a, t, arena_printf(a, "[%lld]", (long long)after), STR_NONE, 1, &rows, &found));
	if (!found)
		return NULL;
	TRY(image_key(a, t, rows[0].row, &one.key));
	TRY(print_of(a, rows[0].row, one.print));
	if (!drawn_already(v, *n, &one))
		v[(*n)++] = one;
	return NULL;
}

static int64_t between(int64_t least, int64_t most) {
	uint64_t drawn;
	random_bytes(&drawn, sizeof drawn);
	return least + (int64_t)(drawn % ((uint64_t)(most - least) + 1));
}

err rehearsal_draw(struct arena *a, struct db *db, struct rehearsal_row *out, size_t *n) {
	struct extent e[EXTENT_COUNT];
	*n = 0;
	TRY(store_extents(db, e));
	for (int i = 0; i < EXTENT_COUNT; i++) {
		struct image_table t;
		TRY(image_table_find(db, a, str_of(e[i].table), &t));
		for (int drawn = 0; e[i].rows && drawn < REHEARSAL_DRAWN; drawn++) {
			int64_t after = drawn == 0 ? e[i].most - 1 : drawn == 1 ? e[i].least - 1 : between(e[i].least, e[i].most) - 1;
			TRY(draw_at(a, db, &t, after, out, n));
		}
	}
	return NULL;
}

/* ── the note ── */

static err note_tx(struct tx *tx, void *arg) {
	const struct str *json = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	return store_site_set(tx_db(tx), note_key, *json);
}

err rehearsal_note(struct ctx *c, struct str json) { return tx_run(c->db, note_tx, &json); }
err rehearsal_last(struct arena *a, struct db *db, struct str *json) { return store_site_get(a, db, note_key, json); }
