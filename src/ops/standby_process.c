#include "ops/standby_process.h"

#include "base/log.h"
#include "core/media_store.h"
#include "move/standby.h"
#include "net/admin.h"
#include "net/notify.h"
#include "net/server.h"
#include "ops/open.h"
#include "ops/standby_reads.h"
#include "wire/cidr.h"

#include <stdio.h>

enum { LOOK_MS = 20 };

struct process {
	struct site *site;
	struct server_place place;
	struct server *server;
	struct standby_reads *reads; /* NULL: it answers none */
	struct handler reader;       /* theirs */
	struct admin *admin;
	struct ctx admin_ctx; /* of the admin socket's thread */
	struct str from;
};

/* ── what it answers ── */

static void put(struct buf *out, const char *name, const char *help, double value) {
	buf_printf(out, "# HELP freehold_standby_%s %s\n# TYPE freehold_standby_%s gauge\nfreehold_standby_%s %.15g\n", name, help, name,
	           name, value);
}

static void put_metrics(struct process *p, struct buf *out) {
	struct standby_state s;
	standby_look(p->site->standby, &s);
	put(out, "loaded", "1 once all rows are here.", s.loaded);
	put(out, "serves_reads", "1 while public reads are answered.", p->reads && standby_reads_open(p->reads));
	put(out, "comparing", "1 while its rows are compared with the origin's, because the journal does not reach back.", s.comparing);
	put(out, "compared_rows", "Of that: rows compared.", (double)s.compared);
	put(out, "differing_rows", "Of that: rows that differed.", (double)s.differs);
	put(out, "media_whole", "1 while all media are here.", s.media_whole);
	if (s.lag >= 0)
		put(out, "lag_seconds", "Age of what is surely here, by the origin's clock.", (double)s.lag / 1000);
	if (s.silence >= 0)
		put(out, "silence_seconds", "Since the origin answered last.", (double)s.silence / 1000);
	put(out, "rows", "Rows taken in since the start, before following.", (double)s.rows);
	put(out, "entries", "Journal entries followed since the start.", (double)s.entries);
	put(out, "blobs", "Files of media fetched since the start.", (double)s.blobs);
	put(out, "blob_bytes", "Their bytes.", (double)s.blob_bytes);
}

static void reply_text(struct exchange *x, int status, const char *type) {
	x->reply.status = status;
	x->reply.type = type;
	buf_lit(&x->reply.head, "Cache-Control: no-store\r\n");
}

static bool may_see_metrics(struct process *p, const struct exchange *x) {
	return !x->forwarded && cidr_any(config_text(p->site->config, SET_server_metrics_from), x->peer);
}

static enum loop_result on_loop(void *ctx, struct exchange *x) {
	struct process *p = ctx;
	if (str_eq(x->req->path, S("/health"))) {
		buf_lit(&x->reply.body, "OK, a standby");
		buf_put(&x->reply.body, p->reads && standby_reads_open(p->reads) ? S(" that answers public reads\n") : S("\n"));
		reply_text(x, 200, "text/plain; charset=utf-8");
	} else if (str_eq(x->req->path, S("/metrics")) && may_see_metrics(p, x)) {
		put_metrics(p, &x->reply.body);
		reply_text(x, 200, "text/plain; version=0.0.4; charset=utf-8");
	} else if (p->reads) {
		return p->reader.on_loop(p->reader.ctx, x);
	} else {
		BUF_AUTO text = {0};
		buf_printf(&text, "This is a standby of %.*s, which is where to ask", S_ARG(p->from));
		buf_lit(&x->reply.body, "{\"error\":");
		buf_json_string(&x->reply.body, buf_str(&text));
		buf_byte(&x->reply.body, '}');
		reply_text(x, 503, "application/json; charset=utf-8");
		buf_lit(&x->reply.head, "Retry-After: 10\r\n");
	}
	return LOOP_DONE;
}

/* Only readers are handed on. */
static void on_pool(void *ctx, void *worker, struct exchange *x) {
	struct process *p = ctx;
	p->reader.on_pool(p->reader.ctx, worker, x);
}

static void on_error(void *ctx, struct exchange *x, enum err_code code, const char *text) {
	buf_printf(&x->reply.body, "%s\n", text);
	reply_text(x, err_http_status(code), "text/plain; charset=utf-8");
}

static void *new_worker(void *ctx) {
	struct process *p = ctx;
	return p->reads ? p->reader.new_worker(p->reader.ctx) : NULL;
}

static void free_worker(void *ctx, void *worker) {
	struct process *p = ctx;
	if (p->reads)
		p->reader.free_worker(p->reader.ctx, worker);
}

static void on_sent(void *ctx, const struct exchange *x, int64_t bytes, int64_t micros) {
	struct process *p = ctx;
	if (p->reads)
		p->reader.on_sent(p->reader.ctx, x, bytes, micros);
}

static err start_server(struct process *p) {
	const struct config *config = p->site->config;
	struct server_options o = {
	    .place = p->place,
	    .tls_cert = config_text(config, SET_server_tls_cert),
	    .tls_key = config_text(config, SET_server_tls_key),
	    .trusted_proxies = config_text(config, SET_server_trusted_proxies),
	    .spool_dir = p->site->data_dir,
	    .loops = p->reads ? (int)config_number(config, SET_server_loops) : 1,
	    .workers = p->reads ? (int)config_number(config, SET_server_workers) : 1,
	    .header_ms = config_number(config, SET_server_header_timeout) * 1000,
	    .idle_ms = config_number(config, SET_server_idle_timeout) * 1000,
	    .body_bytes_per_s = config_number(config, SET_server_body_rate),
	    .max_connections = config_number(config, SET_server_max_connections),
	};
	struct handler h = {p, on_loop, on_pool, on_error, new_worker, free_worker, on_sent};
	p->place.address[0] = 0;
	return server_start(&p->server, &o, &h);
}

/* ── commands ── */

static int run_command(void *ctx, int argc, char **argv, struct buf *out, struct buf *errors) {
	struct process *p = ctx;
	int status = EXIT_FAILED;
	bool asks = argc == 2 && strcmp(argv[0], "standby") == 0 && strcmp(argv[1], "status") == 0;
	if (asks || strcmp(argv[0], "promote") == 0)
		status = command_run_inside(&p->admin_ctx, p->site->data_dir, argc, argv, out, errors);
	else
		buf_printf(errors, "freehold: this is a standby of %.*s: that command is for the network itself\n", S_ARG(p->from));
	arena_reset(p->admin_ctx.arena);
	return status;
}

/* ── from the start to the end ── */

static err start(struct process *p, struct command_call *call, struct str from, struct str token, bool reads) {
	TRY(open_copy(&p->site, call->config, call->data_dir));
	if (from.n)
		TRY(standby_join(p->site, from, token));
	TRY(server_bind(config_text(call->config, SET_server_listen), &p->place));
	open_at(p->site, str_of(p->place.address));
	TRY(media_store_open(&p->site->blobs, p->site, config_text(call->config, SET_media_store), true));
	p->admin_ctx = (struct ctx){.site = p->site, .arena = arena_new(), .role = ROLE_OWNER};
	TRY(db_open(&p->admin_ctx.db, p->site->store));
	TRY(standby_origin(call->arena, p->admin_ctx.db, &p->from));
	db_rest(p->admin_ctx.db);
	if (reads) {
		TRY(standby_reads_new(&p->reads, p->site, p->from));
		p->reader = standby_reads_handler(p->reads);
	}
	TRY(standby_start(&p->site->standby, p->site, reads ? standby_reads_heard : NULL, p->reads));
	TRY(start_server(p));
	return admin_start(&p->admin, admin_socket(call->arena, p->site->data_dir), run_command, p);
}

static void stop(struct process *p) {
	if (p->site)
		p->site->stopping = true;
	if (p->server)
		server_stop(&p->server, 100);
	server_leave(&p->place);
	if (p->admin)
		admin_stop(&p->admin);
	if (p->site) {
		standby_stop(&p->site->standby);
		standby_reads_free(&p->reads);
		blob_close(&p->site->blobs);
	}
	db_close(&p->admin_ctx.db);
	if (p->admin_ctx.arena)
		arena_free(&p->admin_ctx.arena);
	close_site(&p->site);
}

/* *promoted: it became the network, and goes on as that. Who ends it in the same moment has ended the network. */
static void wait_for_end(struct process *p, sigset_t signals, bool *promoted) {
	struct standby_state s = {0};
	struct timespec look = {0, LOOK_MS * 1000000L};
	int caught = -1;
	while (caught < 0 && !s.promoted) {
		caught = sigtimedwait(&signals, NULL, &look);
		standby_look(p->site->standby, &s);
	}
	*promoted = s.promoted && caught < 0;
}

err standby_process(struct command_call *call, struct str from, struct str token, bool reads, sigset_t signals, bool *promoted,
                    struct node_media *tried) {
	struct process p = {0};
	*promoted = false;
	err e = start(&p, call, from, token, reads);
	struct err kept = e ? *e : (struct err){0};
	if (!e) {
		printf("Freehold " FREEHOLD_VERSION " keeps a copy of %.*s and listens on %.*s\n", S_ARG(p.from),
		       S_ARG(server_address(p.server)));
		fflush(stdout);
		notify_service("READY=1");
		node_media_try(call->config, tried);
		wait_for_end(&p, signals, promoted);
	}
	stop(&p);
	return e ? err_copy(&kept) : NULL;
}
