#include "base/buf.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/engine.h"
#include "store/schema_text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { COPIES_KEPT = 3 };

int store_schema(void) { return schema_texts[schema_texts_n - 1].version; }

/* Any number will do as long as all nodes of a cluster mean the same lock. */
static const char lock[] = "SELECT pg_advisory_lock(7018350143)";
static const char unlock[] = "SELECT pg_advisory_unlock(7018350143)";
static const char create[] = "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL)";

static err version_of(struct db *db, int64_t *version) {
	TRY(db_i64(db, version, NULL, SCHEMA_VERSION));
	if (*version > store_schema())
		return err_public(ERR_UNAVAILABLE, "the database has schema %lld, this program knows only %d: use a newer freehold",
		                  (long long)*version, store_schema());
	return NULL;
}

/* What migrations change cannot be taken back, so an SQLite file is copied aside first. */
static err copy_aside(struct db *db, int64_t version) {
	if (db_engine(db) != ENGINE_SQLITE || !version)
		return NULL;
	struct arena *a = arena_new();
	struct str dir = arena_printf(a, "%s/snapshots", db->store->data_dir);
	struct str file = arena_printf(a, "%s/schema-%lld-%lld.db", dir.p, (long long)version, (long long)clock_ms());
	struct buf sql = {0};
	buf_lit(&sql, "VACUUM INTO '");
	for (const char *p = file.p; *p; p++)
		buf_put(&sql, *p == '\'' ? S("''") : str_mem(p, 1));
	buf_put(&sql, str_mem("'", 2));
	int fd = mkdir(dir.p, 0700) && errno != EEXIST ? -1 : open(file.p, O_CREAT | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
	err e = fd < 0 ? err_private(ERR_UNAVAILABLE, "%s: %m", file.p) : db->ops->script(db, sql.p);
	if (!e && fsync(fd))
		e = err_private(ERR_UNAVAILABLE, "%s: %m", file.p);
	if (!e)
		log_info("database copied to %s before its schema changes", file.p);
	if (fd >= 0)
		close(fd);
	buf_free(&sql);
	arena_free(&a);
	return e;
}

static int is_copy(const struct dirent *d) { return !strncmp(d->d_name, "schema-", 7); }

/* Both names end in "-MS.db". */
static int older(const struct dirent **x, const struct dirent **y) {
	int64_t a = strtoll(strrchr((*x)->d_name, '-') + 1, NULL, 10), b = strtoll(strrchr((*y)->d_name, '-') + 1, NULL, 10);
	return (a > b) - (a < b);
}

/* Each is as large as the database. */
static void drop_old_copies(struct db *db) {
	struct dirent **copies;
	struct arena *a = arena_new();
	struct str dir = arena_printf(a, "%s/snapshots", db->store->data_dir);
	int n = scandir(dir.p, &copies, is_copy, older);
	for (int i = 0; i < n; i++) {
		struct str file = arena_printf(a, "%s/%s", dir.p, copies[i]->d_name);
		if (i < n - COPIES_KEPT && unlink(file.p) == 0)
			log_info("%s is removed: newer copies are there", file.p);
		free(copies[i]);
	}
	if (n >= 0)
		free(copies);
	arena_free(&a);
}

/* Inside the transaction the version is asked again: another process may have been faster. */
static err step_body(struct db *db, const struct schema_text *step) {
	int64_t version;
	TRY(version_of(db, &version));
	if (version >= step->version)
		return NULL;
	TRY(db->ops->script(db, db_engine(db) == ENGINE_SQLITE ? step->sqlite : step->postgres));
	return db_exec(db, SCHEMA_STEP, I(step->version), I(clock_ms()));
}

static err step_run(struct db *db, const struct schema_text *step) {
	TRY(db->ops->script(db, db_engine(db) == ENGINE_SQLITE ? "BEGIN IMMEDIATE" : "BEGIN"));
	err e = step_body(db, step);
	if (!e)
		return db->ops->script(db, "COMMIT");
	struct err kept = *e;
	(void)db->ops->script(db, "ROLLBACK");
	return err_copy(&kept);
}

static err bring_up(struct db *db) {
	TRY(db->ops->script(db, create));
	int64_t version;
	TRY(version_of(db, &version));
	if (version == store_schema())
		return NULL;
	TRY(copy_aside(db, version));
	for (int i = 0; i < schema_texts_n; i++)
		if (schema_texts[i].version > version)
			TRY(step_run(db, &schema_texts[i]));
	if (db_engine(db) == ENGINE_SQLITE)
		drop_old_copies(db);
	return NULL;
}

err migrate(struct store *s) {
	struct db *db;
	TRY(s->ops->open(&db, s, true));
	err e = s->engine == ENGINE_POSTGRES ? db->ops->script(db, lock) : NULL;
	if (!e)
		e = bring_up(db);
	if (!e && s->engine == ENGINE_POSTGRES)
		e = changelog_install(db);
	if (!e && s->engine == ENGINE_POSTGRES)
		e = db->ops->script(db, unlock);
	db->ops->close(db);
	return e;
}
