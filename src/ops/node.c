#include "ops/node.h"

#include "api/live_events.h"
#include "api/view/pieces.h"
#include "base/log.h"
#include "base/must.h"
#include "blob/parts.h"
#include "core/bans.h"
#include "core/media_known.h"
#include "core/media_store.h"
#include "core/owner.h"
#include "jobs/follower.h"
#include "media/decoder.h"
#include "media/film.h"
#include "move/origin.h"
#include "net/admin.h"
#include "ops/command.h"
#include "ops/demo.h"
#include "ops/drill_clock.h"
#include "ops/film_folder.h"
#include "ops/keeper.h"
#include "ops/open.h"
#include "ops/readers.h"
#include "ops/surfaces.h"
#include "store/closed.h"
#include "web/page_cache.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct node {
	struct site *site;
	struct gate *gate;
	struct server_place place; /* before the server has it */
	struct server *server;
	struct follower *follower;
	struct runner *runner;
	struct live_thread *live;
	struct admin *admin;
	struct ctx admin_ctx; /* of the admin socket's thread */
};

/* This node's memory takes an entry in: before the answer when it committed it itself, and from the follower whoever did. NULL: anything
 * may have changed. */
static void remember(void *ctx, struct db *db, const struct journal_entry *e) {
	struct node *n = ctx;
	gate_apply(n->gate, e);
	page_cache_apply(n->site->pages, e);
	media_known_apply(n->site->known, e);
	if (e)
		feed_apply(n->site->feed, db, e);
	else
		feed_forget(n->site->feed);
	live_revoke(n->site->live, db, e);
	if (!e || e->kind == J_SITE_CHANGED)
		media_store_follow(n->site, db);
	if (!e || e->kind == J_BANS_CHANGED) {
		err failed = bans_load(n->site->bans, db);
		if (failed)
			log_error("address bans could not be read: %s", failed->cause);
	}
}

static int run_command(void *ctx, int argc, char **argv, struct buf *out, struct buf *errors) {
	struct node *n = ctx;
	int status = command_run_inside(&n->admin_ctx, n->site->data_dir, argc, argv, out, errors);
	db_rest(n->admin_ctx.db);
	arena_reset(n->admin_ctx.arena);
	return status;
}

static err start_admin(struct node *n) {
	n->admin_ctx = (struct ctx){.site = n->site, .arena = arena_new(), .role = ROLE_OWNER};
	TRY(db_open(&n->admin_ctx.db, n->site->store));
	return admin_start(&n->admin, admin_socket(n->admin_ctx.arena, n->site->data_dir), run_command, n);
}

static void stop_admin(struct node *n) {
	if (n->site)
		drill_clock_stop(&n->site->drills); /* a drill that ends tells over the socket */
	if (n->admin)
		admin_stop(&n->admin);
	if (n->site)
		keeper_stop(&n->site->keeper);
	db_close(&n->admin_ctx.db);
	arena_free(&n->admin_ctx.arena);
}

static int whole(const struct config *config, enum setting s) { return (int)config_number(config, s); }

static err start_server(struct node *n) {
	const struct config *config = n->site->config;
	struct server_options o = {
	    .place = n->place,
	    .tls_cert = config_text(config, SET_server_tls_cert),
	    .tls_key = config_text(config, SET_server_tls_key),
	    .trusted_proxies = config_text(config, SET_server_trusted_proxies),
	    .spool_dir = n->site->data_dir,
	    .loops = whole(config, SET_server_loops),
	    .workers = whole(config, SET_server_workers),
	    .header_ms = config_number(config, SET_server_header_timeout) * 1000,
	    .idle_ms = config_number(config, SET_server_idle_timeout) * 1000,
	    .body_bytes_per_s = config_number(config, SET_server_body_rate),
	    .max_connections = config_number(config, SET_server_max_connections),
	};
	struct handler h = gate_handler(n->gate);
	n->place.address[0] = 0;
	return server_start(&n->server, &o, &h);
}

/* The program that decodes pictures stands beside this one. */
static struct str program_beside(char path[PATH_MAX]) {
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 32);
	must(n > 0);
	while (n && path[n - 1] != '/')
		n--;
	strcpy(path + n, "freehold-media");
	return str_of(path);
}

static struct str folder_of(const struct node *n, enum setting set, const char *otherwise, char path[PATH_MAX]) {
	struct str folder = config_text(n->site->config, set);
	if (folder.n)
		snprintf(path, PATH_MAX, "%.*s", S_ARG(folder));
	else
		snprintf(path, PATH_MAX, "%.*s/%s", S_ARG(n->site->data_dir), otherwise);
	return str_of(path);
}

void node_media_try(const struct config *config, struct node_media *out) {
	char path[PATH_MAX];
	out->decoder = decoder_new(config, program_beside(path));
	out->films = films_new(config, out->decoder);
}

void node_media_free(struct node_media *m) {
	if (m->decoder) {
		films_free(&m->films);
		decoder_free(&m->decoder);
	}
}

static err open_media(struct node *n, struct node_media *tried) {
	char path[PATH_MAX];
	TRY(media_store_start(n->site));
	TRY(parts_open(&n->site->parts, folder_of(n, SET_uploads_folder, "uploads", path),
	               config_number(n->site->config, SET_uploads_keep)));
	if (!tried->decoder)
		node_media_try(n->site->config, tried);
	n->site->decoder = tried->decoder;
	n->site->films = tried->films;
	*tried = (struct node_media){0};
	film_folders_clear(n->site);
	return NULL;
}

/* Which home of the network this is, and whether it still is one. Handed over to another machine: it answers what is asked, and does
 * nothing by itself that writes. */
static err look_whether_moved(struct node *n) {
	struct arena *a = arena_new();
	struct db *db = NULL;
	struct str why = STR_NONE;
	int64_t epoch = 0;
	err e = db_open(&db, n->site->store);
	if (!e)
		e = store_closed(a, db, &why);
	if (!e)
		e = standby_epoch(a, db, &epoch);
	gate_epoch(n->gate, epoch);
	gate_on_epoch(n->gate, origin_step_down);
	n->site->moving = why.n > 0;
	if (why.n)
		log_warn("nothing can be written here: %.*s", S_ARG(why));
	db_close(&db);
	arena_free(&a);
	return e;
}

static err start(struct node *n, const struct config *config, struct str data_dir, bool demo, struct node_media *tried) {
	TRY(open_site(&n->site, config, data_dir));
	TRY(server_bind(config_text(config, SET_server_listen), &n->place));
	open_at(n->site, str_of(n->place.address));
	n->site->feed = feed_new((size_t)config_number(config, SET_memory_cache));
	n->site->live = live_new(n->site);
	view_loaders(n->site);
	n->site->pages = page_cache_new(config_number(config, SET_memory_cache) / 8);
	n->site->known = media_known_new();
	TRY(open_media(n, tried));
	TRY(gate_new(&n->gate, n->site));
	surfaces_add(n->gate);
	TRY(follower_new(&n->follower, n->site->store));
	store_on_commit(n->site->store, remember, n);
	follower_add(n->follower, remember, n);
	follower_add(n->follower, live_follow, n->site->live);
	TRY(look_whether_moved(n));
	if (!n->site->moving) {
		n->runner = runner_new(n->site);
		readers_register(n->runner, n->site);
	}
	n->live = live_thread_start(n->site->live, n->gate);
	follower_start(n->follower);
	if (n->runner)
		runner_start(n->runner);
	if (demo)
		TRY(demo_fill(n->site));
	if (n->runner) {
		TRY(readers_begin(n->site));
		TRY(keeper_start(&n->site->keeper, n->site));
		TRY(drill_clock_start(&n->site->drills, n->site));
	}
	TRY(origin_begin(n->site));
	TRY(start_admin(n));
	return start_server(n);
}

err node_start(struct node **out, const struct config *config, struct str data_dir, bool demo, struct node_media *tried) {
	struct node *n = xcalloc(1, sizeof *n);
	struct node_media none = {0};
	err e = start(n, config, data_dir, demo, tried ? tried : &none);
	if (e)
		(void)node_stop(&n);
	*out = n;
	return e;
}

bool node_stop(struct node **node) {
	struct node *n = *node;
	if (!n)
		return true;
	if (n->site)
		n->site->stopping = true;
	int64_t grace_ms = n->site ? config_number(n->site->config, SET_server_stop_grace) * 1000 : 0;
	live_thread_stop(&n->live);
	if (n->site && n->site->films)
		films_stop(n->site->films);
	if (n->server)
		server_stop(&n->server, grace_ms);
	server_leave(&n->place);
	stop_admin(n);
	if (!runner_stop(&n->runner, grace_ms))
		return false;
	if (n->follower)
		follower_free(&n->follower);
	gate_free(&n->gate);
	if (n->site) {
		live_free(&n->site->live);
		feed_free(&n->site->feed);
		page_cache_free(&n->site->pages);
		media_known_free(&n->site->known);
	}
	if (n->site) {
		films_free(&n->site->films);
		decoder_free(&n->site->decoder);
		media_store_stop(n->site);
		parts_close(&n->site->parts);
	}
	close_site(&n->site);
	free(n);
	*node = NULL;
	return true;
}

const struct site *node_site(const struct node *node) { return node->site; }
struct str node_address(const struct node *node) {
	return server_address(node->server);
}

err node_owner_link(struct node *node, char *out, size_t cap) {
	struct ctx c = {.site = node->site, .arena = arena_new()};
	BUF_AUTO url = {0};
	err e = db_open(&c.db, node->site->store);
	if (!e)
		e = owner_link_new(&c, &url);
	if (e && e->code == ERR_UNAVAILABLE) { /* nothing can be written: the network runs all the same */
		log_warn("no link for an owner could be made: %s %s", e->text, e->cause);
		e = NULL;
	}
	snprintf(out, cap, "%.*s", S_ARG(buf_str(&url)));
	db_close(&c.db);
	arena_free(&c.arena);
	return e;
}
