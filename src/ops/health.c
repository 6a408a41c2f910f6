#include "config/config.h"
#include "core/remote.h"
#include "core/routes.h"
#include "core/site.h"
#include "gate/gate.h"
#include "ops/drill_clock.h"
#include "ops/keeper.h"
#include "ops/surfaces.h"
#include "store/site.h"
#include "store/tx.h"
#include "wire/cidr.h"

#include <stdio.h>
#include <unistd.h>

enum handled ops_health(struct rq *rq);
enum handled ops_metrics(struct rq *rq);

/* Well means: the database answers. */
enum handled ops_health(struct rq *rq) {
	struct str unused;
	TRY_RQ(rq, store_site_get(rq->c.arena, rq->c.db, S("secret"), &unused));
	buf_lit(rq_out(rq), "OK\n");
	rq->x->reply.status = 200;
	rq->x->reply.type = "text/plain; charset=utf-8";
	return DONE;
}

static int64_t resident_bytes(void) {
	long pages = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "re");
	if (f && fscanf(f, "%ld %ld", &pages, &resident) != 2)
		resident = 0;
	if (f)
		fclose(f);
	return (int64_t)resident * sysconf(_SC_PAGESIZE);
}

static void put(struct buf *out, const char *name, const char *type, const char *help, int64_t value) {
	buf_printf(out, "# HELP freehold_%s %s\n# TYPE freehold_%s %s\nfreehold_%s %lld\n", name, help, name, type, name, (long long)value);
}

/* Of the settings' backups; nothing where none are wanted. */
static void put_backups(struct buf *out, const struct site *site) {
	struct keeper_facts f;
	keeper_facts(site->keeper, &f);
	if (!f.wanted)
		return;
	put(out, "backup_reachable", "gauge", "Whether the place of the backups answers.", f.reachable);
	put(out, "backup_log_segment", "gauge", "The last segment of the log that this node shipped.", f.log_number);
	put(out, "backup_log_seconds", "gauge", "When everything that was written was there last, seconds since 1970.", f.log_at / 1000);
	put(out, "backup_failed", "gauge", "Whether the last backup failed.", f.failed);
	put(out, "backup_number", "gauge", "The last backup that this node made.", f.number);
	put(out, "backup_seconds", "gauge", "When it was made, seconds since 1970.", f.at / 1000);
	put(out, "backup_unsound", "gauge", "Whether the backup that was verified last was not whole.", f.unsound);
	put(out, "backup_verified_seconds", "gauge", "When one was verified, seconds since 1970.", f.verified_at / 1000);
}

/* Of the last drill; nothing where there was none. */
static void put_drill(struct buf *out, const struct site *site) {
	struct drill_facts f;
	drill_facts(site->drills, &f);
	if (!f.any)
		return;
	put(out, "drill_seconds", "gauge", "When leaving was rehearsed last, seconds since 1970.", f.at / 1000);
	put(out, "drill_failed", "gauge", "Whether that drill failed.", !f.ok);
	put(out, "drill_lost_rows", "gauge", "Compared rows that were missing or others in its copy.", f.lost);
	put(out, "drill_copy_milliseconds", "gauge", "How long it took until the copy was whole.", f.copy_ms);
	put(out, "drill_open_milliseconds", "gauge", "How long the copy took from the word to take over to its first answer.", f.open_ms);
}

static void put_head(struct buf *out, const char *name, const char *type, const char *help) {
	buf_printf(out, "# HELP freehold_%s %s\n# TYPE freehold_%s %s\n", name, help, name, type);
}

enum count { STATE, SENT, FAILED };

static void put_routes_count(struct buf *out, struct routes *routes, const char *name, enum count of) {
	for (size_t i = 0; i < routes_count(routes); i++) {
		struct route_state s = routes_state(routes, i);
		int64_t value = of == STATE ? s.state : of == SENT ? s.sent : s.failed;
		buf_printf(out, "freehold_%s{position=\"%zu\",route=\"%.*s\"} %lld\n", name, i + 1, S_ARG(s.name), (long long)value);
	}
}

/* One kind's ways out. Their names are addresses and paths in which neither quotes nor backslashes can be. */
static void put_routes(struct buf *out, struct routes *routes, const char *kind, const char *what) {
	static const struct {
		enum count of;
		const char *name, *type, *help;
	} counts[] = {
	    {STATE, "route_state", "gauge", "circuit breaker of a route, 0 closed (in use), 1 half-open (being tried), 2 open (away)."},
	    {SENT, "sent_total", "counter", "those that a route took over."},
	    {FAILED, "failed_total", "counter", "those that a route did not take."},
	};
	char name[64], help[160];
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		snprintf(name, sizeof name, "%s_%s", kind, counts[i].name);
		snprintf(help, sizeof help, "%s: %s", what, counts[i].help);
		put_head(out, name, counts[i].type, help);
		put_routes_count(out, routes, name, counts[i].of);
	}
	snprintf(name, sizeof name, "%s_waiting", kind);
	snprintf(help, sizeof help, "%s: those that wait to be sent, on the node that sends them.", what);
	put(out, name, "gauge", help, routes_waiting(routes));
}

static void put_remote(struct buf *out, const struct site *site) {
	int64_t bytes, evicted;
	remote_counts(site, &bytes, &evicted);
	put(out, "remote_media_bytes", "gauge", "Bytes of fetched media, as the node that fetches knows them.", bytes);
	put(out, "remote_media_evicted_total", "counter", "Fetched media that went for others, on the node that fetches.", evicted);
}

/* Prometheus' text format, version 0.0.4. To others it is not there at all. */
enum handled ops_metrics(struct rq *rq) {
	if (rq->x->forwarded || !cidr_any(config_text(rq->c.site->config, SET_server_metrics_from), rq->x->peer))
		return reply_err(rq, err_plain(ERR_NOT_FOUND));
	struct buf *out = rq_out(rq);
	struct gate_counts counts;
	gate_counts(rq->gate, &counts);
	struct server_stats stats;
	int64_t transactions, commits;
	server_stats(rq->server, &stats);
	buf_lit(out,
	        "# HELP freehold_requests_total Replies sent, by first digit of the status.\n# TYPE freehold_requests_total counter\n");
	for (int i = 2; i < 6; i++)
		buf_printf(out, "freehold_requests_total{class=\"%dxx\"} %lld\n", i, (long long)counts.by_class[i]);
	put(out, "sent_bytes_total", "counter", "Bytes of replies sent.", counts.bytes);
	put(out, "request_microseconds_total", "counter", "Time from a request's first byte to its reply's last.", counts.micros);
	put(out, "connections", "gauge", "Connections open.", stats.connections);
	put(out, "streams", "gauge", "Event streams and WebSockets open.", stats.streams);
	put(out, "workers_busy", "gauge", "Workers running a request.", stats.busy_workers);
	put(out, "workers_queue", "gauge", "Requests waiting for a worker.", stats.queued);
	store_counts(rq->c.site->store, &transactions, &commits);
	put(out, "transactions_total", "counter", "Write transactions that succeeded.", transactions);
	put(out, "commits_total", "counter", "Commits that carried them: on SQLite many share one.", commits);
	put_backups(out, rq->c.site);
	put_drill(out, rq->c.site);
	put_remote(out, rq->c.site);
	put_routes(out, rq->c.site->mail, "mail", "Mails");
	put_routes(out, rq->c.site->sms, "sms", "Text messages");
	put(out, "resident_bytes", "gauge", "Memory of the process.", resident_bytes());
	rq->x->reply.status = 200;
	rq->x->reply.type = "text/plain; version=0.0.4; charset=utf-8";
	return DONE;
}
