#include "store/db.h"

#include "base/must.h"
#include "store/engine.h"

#include <stdlib.h>

err db_open(struct db **out, struct store *s) { return s->ops->open(out, s, false); }

void db_close(struct db **db) {
	if (!*db)
		return;
	db_rest(*db);
	(*db)->ops->close(*db);
	*db = NULL;
}

enum engine db_engine(const struct db *db) { return db->store->engine; }

struct store *db_store(const struct db *db) {
	return db->store;
}

int64_t db_snapshot_at(const struct db *db) { return db->snapshot_at; }

void db_on_wait(struct db *db, void (*fn)(void *ctx, bool waiting), void *ctx) {
	db->on_wait = fn;
	db->on_wait_ctx = ctx;
}

void db_rest(struct db *db) {
	must(!db->tx);
	must(!db->open_rows);
	db->ops->rest(db);
}

err bind_check(const struct bind *binds, size_t n) {
	for (size_t i = 0; i < n; i++)
		if (binds[i].kind == BIND_TEXT && binds[i].s.n && memchr(binds[i].s.p, 0, binds[i].s.n))
			return err_public(ERR_INVALID, "Text must not contain NUL characters");
	return NULL;
}

err db_exec_(struct db *db, enum query q, const struct bind *binds, size_t n, int64_t *changed) {
	must(db->tx || db->writes);
	TRY(bind_check(binds, n));
	return db->ops->exec(db, q, binds, n, changed);
}

err db_query_(struct db *db, struct rows **out, enum query q, const struct bind *binds, size_t n) {
	*out = NULL;
	TRY(bind_check(binds, n));
	return db->ops->query(db, out, q, binds, n);
}

err db_i64_(struct db *db, int64_t *out, bool *found, enum query q, const struct bind *binds, size_t n) {
	struct ROWS_AUTO *r = NULL;
	*out = 0;
	if (found)
		*found = false;
	TRY(db_query_(db, &r, q, binds, n));
	if (rows_next(r)) {
		*out = rows_i64(r, 0);
		if (found)
			*found = true;
		return NULL;
	}
	return rows_err(r);
}

err db_check(struct db *db, enum query q) { return db->ops->check(db, q); }

void rows_opened(struct rows *r) {
	must(!r->open);
	free(r->failed);
	r->failed = NULL;
	r->open = true;
	r->db->open_rows++;
}

void rows_closed(struct rows *r) {
	if (!r->open)
		return;
	r->open = false;
	r->db->open_rows--;
}

void rows_failed(struct rows *r, err e) {
	r->failed = xmalloc(sizeof *r->failed);
	*r->failed = *e;
}

bool rows_next(struct rows *r) { return r && r->open && r->db->ops->next(r); }

err rows_err(const struct rows *r) { return r ? err_copy(r->failed) : NULL; }

void rows_end(struct rows **r) {
	if (*r && (*r)->open)
		(*r)->db->ops->end(*r);
	*r = NULL;
}

int64_t rows_i64(const struct rows *r, int column) { return r->db->ops->i64(r, column); }

bool rows_bool(const struct rows *r, int column) { return rows_i64(r, column) != 0; }

struct str rows_text(const struct rows *r, int column) {
	return r->db->ops->text(r, column);
}

bool rows_null(const struct rows *r, int column) { return r->db->ops->null(r, column); }

struct str rows_copy(const struct rows *r, int column, struct arena *a) {
	return arena_str(a, rows_text(r, column));
}
