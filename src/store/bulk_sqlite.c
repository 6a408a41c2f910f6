#include "base/must.h"
#include "store/bulk_engine.h"
#include "store/sqlite.h"

/* Pages of a load are written once: a large cache keeps those that are filled step by step, and sorting for the indexes goes to
 * files. */
err bulk_sqlite_prepare(struct bulk *b) {
	return b->db->ops->script(b->db, "PRAGMA cache_size = -131072;"
	                                 "PRAGMA temp_store = FILE;"
	                                 "PRAGMA threads = 4;"
	                                 "PRAGMA synchronous = NORMAL;");
}

static err prepare(struct bulk *b, struct bulk_into *to, size_t n) {
	struct str sql = arena_printf(b->arena, "INSERT INTO \"%.*s\" (%.*s) VALUES (?1", S_ARG(to->name), S_ARG(to->columns));
	for (size_t i = 2; i <= n; i++)
		sql = arena_printf(b->arena, "%s, ?%zu", sql.p, i);
	sql = arena_printf(b->arena, "%s)", sql.p);
	int rc = sqlite3_prepare_v3(sqlite_handle(b->db), sql.p, -1, SQLITE_PREPARE_PERSISTENT, &to->insert, NULL);
	return rc ? sqlite_failure(b->db, rc, sql.p) : NULL;
}

err bulk_sqlite_row(struct bulk *b, struct bulk_into *to, const struct bind *binds, size_t n) {
	if (!to->insert)
		TRY(prepare(b, to, n));
	sqlite3_stmt *stmt = to->insert;
	for (int i = 0; i < (int)n; i++) {
		const struct bind *v = &binds[i];
		if (v->kind == BIND_I64)
			sqlite3_bind_int64(stmt, i + 1, v->i);
		else if (v->kind == BIND_NULL)
			sqlite3_bind_null(stmt, i + 1);
		else if (v->kind == BIND_TEXT)
			sqlite3_bind_text(stmt, i + 1, v->s.p ? v->s.p : "", (int)v->s.n, SQLITE_STATIC);
		else
			sqlite3_bind_blob(stmt, i + 1, v->s.p ? v->s.p : "", (int)v->s.n, SQLITE_STATIC);
	}
	int rc = sqlite3_step(stmt);
	err e = rc == SQLITE_DONE ? NULL : sqlite_failure(b->db, rc, to->name.p);
	sqlite3_reset(stmt);
	return e;
}

void bulk_sqlite_close(struct bulk *b) {
	for (size_t i = 0; i < b->into.n; i++)
		sqlite3_finalize(b->into.v[i].insert);
}
