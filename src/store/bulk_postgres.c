#include "base/must.h"
#include "store/bulk_engine.h"
#include "store/postgres.h"

#include <endian.h>
#include <libpq-fe.h>

/* COPY in binary form (PostgreSQL's manual, "COPY", File Formats): a header, rows, a row of -1 fields. Rows of many tables come
 * mixed while a connection copies into one at a time, so each table's wait until there are this many bytes of them. */
enum { SEND_AT = 1 << 20 };

static const char header[19] = "PGCOPY\n\377\r\n";

static void put32(struct buf *to, uint32_t v) {
	v = htobe32(v);
	buf_put(to, str_mem(&v, sizeof v));
}

static void put16(struct buf *to, uint16_t v) {
	v = htobe16(v);
	buf_put(to, str_mem(&v, sizeof v));
}

static err end_copy(struct bulk *b, const char *table) {
	PGconn *c = postgres_handle(b->db);
	err e = NULL;
	for (PGresult *res; (res = PQgetResult(c));) {
		if (!e && PQresultStatus(res) != PGRES_COMMAND_OK)
			e = postgres_failure(b->db, res, table);
		PQclear(res);
	}
	return e;
}

static err send_rows(struct bulk *b, struct bulk_into *to) {
	struct buf *rows = &to->waiting;
	if (!rows->n)
		return NULL;
	PGconn *c = postgres_handle(b->db);
	struct str sql = arena_printf(b->arena, "COPY \"%.*s\" (%.*s) FROM STDIN (FORMAT binary)", S_ARG(to->name), S_ARG(to->columns));
	PGresult *res = PQexec(c, sql.p);
	err e = PQresultStatus(res) == PGRES_COPY_IN ? NULL : postgres_failure(b->db, res, sql.p);
	PQclear(res);
	TRY(e);
	put16(rows, UINT16_MAX);
	bool sent =
	    PQputCopyData(c, header, sizeof header) == 1 && PQputCopyData(c, rows->p, (int)rows->n) == 1 && PQputCopyEnd(c, NULL) == 1;
	buf_clear(rows);
	TRY(end_copy(b, to->name.p));
	return sent ? NULL : postgres_failure(b->db, NULL, to->name.p);
}

err bulk_postgres_row(struct bulk *b, struct bulk_into *into, const struct bind *binds, size_t n) {
	struct buf *to = &into->waiting;
	put16(to, (uint16_t)n);
	for (size_t i = 0; i < n; i++) {
		if (binds[i].kind == BIND_NULL) {
			put32(to, UINT32_MAX);
		} else if (binds[i].kind == BIND_I64) {
			uint64_t v = htobe64((uint64_t)binds[i].i);
			put32(to, sizeof v);
			buf_put(to, str_mem(&v, sizeof v));
		} else {
			put32(to, (uint32_t)binds[i].s.n);
			buf_put(to, binds[i].s);
		}
	}
	return to->n > SEND_AT ? send_rows(b, into) : NULL;
}

err bulk_postgres_flush(struct bulk *b) {
	for (size_t i = 0; i < b->into.n; i++)
		TRY(send_rows(b, &b->into.v[i]));
	return NULL;
}

err bulk_postgres_triggers(struct bulk *b, struct str table, bool on) {
	struct str sql = arena_printf(b->arena, "ALTER TABLE \"%.*s\" %s TRIGGER change_log", S_ARG(table), on ? "ENABLE" : "DISABLE");
	return b->db->ops->script(b->db, sql.p);
}
