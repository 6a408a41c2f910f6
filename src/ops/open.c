#include "ops/open.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "core/bans.h"
#include "core/mail_routes.h"
#include "core/password.h"
#include "core/sms.h"
#include "core/throttle.h"
#include "core/totals.h"
#include "move/standby.h"
#include "net/admin.h"
#include "store/local_state.h"
#include "store/site.h"
#include "store/tx.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The site with what only its opener needs. */
struct opened {
	struct site site;
	struct arena *arena;
	int lock;
};

static err make_folder(struct str dir) {
	if (mkdir(dir.p, 0700) == 0 || errno == EEXIST)
		return NULL;
	return err_public(ERR_UNAVAILABLE, "the data folder %.*s cannot be made: %s", S_ARG(dir), strerror(errno));
}

static err take_lock(struct arena *a, struct str dir, int *lock) {
	struct str path = arena_printf(a, "%.*s/lock", S_ARG(dir));
	*lock = open(path.p, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*lock < 0)
		return err_public(ERR_UNAVAILABLE, "%s cannot be opened: %s", path.p, strerror(errno));
	if (flock(*lock, LOCK_EX | LOCK_NB) != 0)
		return err_public(ERR_CONFLICT, "the data folder %.*s is in use by another freehold", S_ARG(dir));
	return NULL;
}

err open_folder(struct str data_dir, int *lock) {
	struct arena *a = arena_new();
	*lock = -1;
	err e = make_folder(arena_str(a, data_dir));
	if (!e)
		e = take_lock(a, data_dir, lock);
	if (e && *lock >= 0) {
		close(*lock);
		*lock = -1;
	}
	arena_free(&a);
	return e;
}

struct str open_restoring(struct arena *a, struct str data_dir) {
	return arena_printf(a, "%.*s/restoring", S_ARG(data_dir));
}

static err not_restoring(struct arena *a, struct str dir) {
	if (access(open_restoring(a, dir).p, F_OK) != 0)
		return NULL;
	return err_public(ERR_CONFLICT, "a restore into %.*s was not finished: run `freehold restore` again, it goes on where it was",
	                  S_ARG(dir));
}

/* The key of all keyed hashes: made once, then part of the site, wherever it moves. */
static err make_secret(struct tx *tx, void *arg) {
	struct str *text = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	return store_site_set(tx_db(tx), S("secret"), *text);
}

static err read_secret(struct opened *o, struct db *db) {
	struct str text;
	TRY(store_site_get(o->arena, db, S("secret"), &text));
	if (str_empty(text)) {
		char fresh[32];
		random_bytes(fresh, sizeof fresh);
		BUF_AUTO hex = {0};
		buf_hex(&hex, str_mem(fresh, sizeof fresh));
		text = arena_str(o->arena, buf_str(&hex));
		TRY(tx_run(db, make_secret, &text));
	}
	size_t n = 0;
	if (sodium_hex2bin((unsigned char *)o->site.secret, sizeof o->site.secret, text.p, text.n, NULL, &n, NULL) != 0 ||
	    n != sizeof o->site.secret)
		return err_private(ERR_INTERNAL, "the site's secret is damaged");
	return NULL;
}

/* listen: the address as people type it. */
static void name_site(struct opened *o, struct str listen) {
	const struct config *config = o->site.config;
	bool tls = config_text(config, SET_server_tls_cert).n != 0;
	struct str domain = config_text(config, SET_server_domain), base = config_text(config, SET_server_base_url);
	o->site.address = listen;
	o->site.domain = domain.n ? domain : listen;
	/* A domain without a port stands behind a front that speaks https, unless base_url says otherwise. */
	bool https = tls || (domain.n && str_chr(domain, ':') < 0);
	o->site.base_url = base.n ? base : arena_printf(o->arena, "%s://%.*s", https ? "https" : "http", S_ARG(o->site.domain));
	while (str_ends(o->site.base_url, S("/")))
		o->site.base_url.n--;
}

static void name_source(struct opened *o) {
	struct str elsewhere = config_text(o->site.config, SET_site_source_url);
	o->site.source_url = elsewhere.n ? elsewhere : arena_printf(o->arena, "%.*s/source", S_ARG(o->site.base_url));
}

/* A standby's database is written by what follows its origin alone. */
static err refuse_standby(struct opened *o, struct db *db) {
	struct str from;
	TRY(standby_origin(o->arena, db, &from));
	if (from.n)
		return err_public(
		    ERR_CONFLICT,
		    "this data folder holds a standby of %.*s: freehold standby runs it, freehold promote makes it the network",
		    S_ARG(from));
	return NULL;
}

/* Of what people see, and of all that the home before this one may have drawn by a clock that was ahead. */
static err last_id(struct arena *a, struct db *db, int64_t *id) {
	int64_t above = 0;
	struct str text;
	TRY(store_newest_id(db, id));
	TRY(store_local_get(a, db, S(STANDBY_IDS), &text));
	if (str_i64(text, &above) && above > *id)
		*id = above;
	return NULL;
}

enum how { AS_NETWORK, BESIDE, AS_COPY };

static err fill(struct opened *o, struct str data_dir, enum how how) {
	err busy = open_folder(data_dir, &o->lock);
	if (busy && !(how == BESIDE && busy->code == ERR_CONFLICT))
		return busy;
	TRY(not_restoring(o->arena, data_dir));
	TRY(store_open(&o->site.store, config_text(o->site.config, SET_database_url), data_dir));
	struct db *db;
	TRY(db_open(&db, o->site.store));
	int64_t newest = 0;
	err e = how == AS_COPY ? NULL : refuse_standby(o, db);
	if (!e)
		e = last_id(o->arena, db, &newest);
	if (!e && how != AS_COPY)
		e = read_secret(o, db);
	if (!e)
		e = bans_load(o->site.bans, db);
	id_start_above(newest);
	db_close(&db);
	return e;
}

err open_bare(struct site **out, const struct config *config, struct str data_dir) {
	struct opened *o = xcalloc(1, sizeof *o);
	o->arena = arena_new();
	o->lock = -1;
	o->site.config = config;
	o->site.passwords = passwords_new(config);
	o->site.throttle = throttle_new();
	o->site.totals = totals_new();
	o->site.bans = bans_new();
	o->site.data_dir = arena_str(o->arena, data_dir);
	name_site(o, config_text(config, SET_server_listen));
	name_source(o);
	*out = &o->site;
	err e = routes_new(&o->site.mail, &mail_routes, config);
	if (!e)
		e = routes_new(&o->site.sms, &sms_routes, config);
	if (!e)
		e = sms_settings_check(&o->site);
	if (e)
		close_site(out);
	return e;
}

static err open_as(struct site **out, const struct config *config, struct str data_dir, enum how how) {
	TRY(open_bare(out, config, data_dir));
	struct opened *o = (struct opened *)*out;
	err e = fill(o, o->site.data_dir, how);
	if (e)
		close_site(out);
	return e;
}

err open_site(struct site **out, const struct config *config, struct str data_dir) { return open_as(out, config, data_dir, AS_NETWORK); }
err open_beside(struct site **out, const struct config *config, struct str data_dir) { return open_as(out, config, data_dir, BESIDE); }
err open_copy(struct site **out, const struct config *config, struct str data_dir) { return open_as(out, config, data_dir, AS_COPY); }

void open_at(struct site *site, struct str address) {
	struct opened *o = (struct opened *)site;
	struct str listen = config_text(site->config, SET_server_listen);
	if (!str_ends(listen, S(":0")))
		return;
	size_t colon = address.n;
	while (address.p[colon - 1] != ':')
		colon--;
	struct str host = str_first(listen, listen.n - 1), port = str_skip(address, colon);
	name_site(o, arena_printf(o->arena, "%.*s%.*s", S_ARG(host), S_ARG(port)));
	name_source(o);
}

void close_site(struct site **site) {
	if (!*site)
		return;
	struct opened *o = (struct opened *)*site;
	store_close(&o->site.store);
	passwords_free(&o->site.passwords);
	throttle_free(&o->site.throttle);
	totals_free(&o->site.totals);
	bans_free(&o->site.bans);
	routes_free(&o->site.mail);
	routes_free(&o->site.sms);
	if (o->lock >= 0)
		close(o->lock);
	arena_free(&o->arena);
	free(o);
	*site = NULL;
}

struct str admin_socket(struct arena *a, struct str data_dir) {
	return arena_printf(a, "%.*s/admin.sock", S_ARG(data_dir));
}

bool open_running(struct command_call *call, int *status) {
	err e = admin_call(admin_socket(call->arena, call->data_dir), call->argc, call->argv, status, call->out, call->errors);
	if (e && e->code == ERR_NOT_FOUND)
		return false;
	if (e)
		*status = command_failed(call, e);
	return true;
}

err open_ask(struct command_call *call, int argc, char **argv, struct buf *out) {
	BUF_AUTO errors = {0};
	int status;
	err e = admin_call(admin_socket(call->arena, call->data_dir), argc, argv, &status, out, &errors);
	if (e && e->code == ERR_NOT_FOUND)
		return err_public(ERR_UNAVAILABLE, "no network runs on %.*s: freehold serve starts it, --data names its folder",
		                  S_ARG(str_first(call->data_dir, 120)));
	TRY(e);
	struct str said = str_trim(buf_str(&errors));
	if (str_starts(said, S("freehold: ")))
		said = str_skip(said, 10);
	return status ? err_public(ERR_UNAVAILABLE, "%.*s", S_ARG(str_first(said, 200))) : NULL;
}
