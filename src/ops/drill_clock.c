#include "ops/drill_clock.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "config/config.h"
#include "gate/gate.h"
#include "ops/drill.h"
#include "ops/surfaces.h"
#include "store/lease.h"

#include <jansson.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TICK_MS = 2000, NAP_MS = 100, LEASE_MS = 60 * 1000, RENEW_MS = 20 * 1000, AGAIN_MS = 10 * 60 * 1000 };

enum handled ops_drill(struct rq *rq);

/* The note as it is. */
enum handled ops_drill(struct rq *rq) {
	struct str note;
	TRY_RQ(rq, rehearsal_last(rq->c.arena, rq->c.db, &note));
	buf_put(rq_out(rq), note.n ? note : S("{\"at\":null}"));
	return reply_json(rq, 200);
}

struct drill_clock {
	pthread_t thread;
	bool started;
	_Atomic bool stop;
	struct ctx c;
	struct str holder;
	int64_t not_before;   /* monotonic ms */
	pthread_mutex_t lock; /* of the facts */
	struct drill_facts facts;
};

void drill_facts(struct drill_clock *k, struct drill_facts *out) {
	*out = (struct drill_facts){0};
	if (!k)
		return;
	pthread_mutex_lock(&k->lock);
	*out = k->facts;
	pthread_mutex_unlock(&k->lock);
}

/* ── the note ── */

static int64_t ms_of(const json_t *doc, const char *name) { return (int64_t)(json_number_value(json_object_get(doc, name)) * 1000); }

static int64_t time_of(const char *iso) {
	struct tm tm = {0};
	return iso && strptime(iso, "%Y-%m-%dT%H:%M:%S", &tm) ? (int64_t)timegm(&tm) * 1000 : 0;
}

err drill_last(struct arena *a, struct db *db, struct drill_facts *out) {
	struct str text;
	TRY(rehearsal_last(a, db, &text));
	json_t *doc = text.n ? json_loadb(text.p, text.n, 0, NULL) : NULL;
	*out = (struct drill_facts){
	    .any = doc != NULL,
	    .ok = json_is_true(json_object_get(doc, "ok")),
	    .at = time_of(json_string_value(json_object_get(doc, "at"))),
	    .open_ms = ms_of(doc, "open_seconds"),
	    .copy_ms = ms_of(doc, "copy_seconds"),
	    .lost = json_integer_value(json_object_get(doc, "missing")) + json_integer_value(json_object_get(doc, "changed")),
	};
	json_decref(doc);
	return NULL;
}

static err read_note(struct drill_clock *k) {
	struct drill_facts f;
	TRY(drill_last(k->c.arena, k->c.db, &f));
	pthread_mutex_lock(&k->lock);
	k->facts = f;
	pthread_mutex_unlock(&k->lock);
	return NULL;
}

/* ── a drill ── */

static bool nap(struct drill_clock *k, int64_t ms) {
	for (int64_t until = clock_mono_ms() + ms; clock_mono_ms() < until && !k->stop;)
		nanosleep(&(struct timespec){.tv_nsec = NAP_MS * 1000000L}, NULL);
	return !k->stop;
}

static bool is_ours(struct drill_clock *k) {
	bool held = false;
	return !store_lease_take(k->c.db, S("drill"), k->holder, LEASE_MS, &held) && held;
}

/* It writes its own note; what it says goes to the log's place. */
static void run_drill(struct drill_clock *k) {
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof path);
	must(n > 0 && n < (ssize_t)sizeof path);
	struct str scratch = config_text(k->c.site->config, SET_drill_scratch), data = k->c.site->data_dir;
	struct str words[] = {str_mem(path, (size_t)n), S("drill"), S("--data"), data, S("--scratch"), scratch.n ? scratch : data};
	int status = 0, pid = drill_spawn(words, sizeof words / sizeof *words, STR_NONE);
	int64_t renewed = clock_mono_ms();
	db_rest(k->c.db);
	while (pid > 0 && waitpid(pid, &status, WNOHANG) == 0) {
		if (!nap(k, NAP_MS)) {
			drill_end(pid);
			return;
		}
		if (clock_mono_ms() - renewed > RENEW_MS) {
			renewed = clock_mono_ms();
			(void)is_ours(k);
			db_rest(k->c.db);
		}
	}
	if (pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		log_info("a drill went well: this network can leave");
	else
		log_error("a drill failed: `freehold drill` says why");
	k->not_before = clock_mono_ms() + (pid > 0 ? 0 : AGAIN_MS);
}

static void tick(struct drill_clock *k) {
	int64_t every = config_number(k->c.site->config, SET_drill_every) * 1000, now = clock_ms();
	if (read_note(k) || !every || k->c.site->moving || clock_mono_ms() < k->not_before)
		return;
	if (now - k->facts.at < every && k->facts.at <= now)
		return;
	if (is_ours(k))
		run_drill(k);
	/* One that could not even write its note is not begun again at once. */
	if (!read_note(k) && now - k->facts.at >= every)
		k->not_before = clock_mono_ms() + AGAIN_MS;
}

static void *run(void *arg) {
	struct drill_clock *k = arg;
	err e = db_open(&k->c.db, k->c.site->store);
	if (e)
		log_error("drill: %s %s", e->text, e->cause);
	while (!e && nap(k, TICK_MS)) {
		tick(k);
		db_rest(k->c.db);
		arena_reset(k->c.arena);
	}
	db_close(&k->c.db);
	return NULL;
}

/* ── start and end ── */

err drill_clock_start(struct drill_clock **out, struct site *site) {
	struct drill_clock *k = *out = xcalloc(1, sizeof *k);
	char host[256] = "";
	pthread_mutex_init(&k->lock, NULL);
	gethostname(host, sizeof host - 1);
	k->c = (struct ctx){.site = site, .arena = arena_new(), .role = ROLE_OWNER};
	BUF_AUTO holder = {0};
	buf_printf(&holder, "drill %s %.*s", host, S_ARG(site->data_dir));
	buf_byte(&holder, 0);
	k->holder = str_of(strdup(holder.p));
	k->started = thread_start(&k->thread, "drill", run, k);
	return k->started ? NULL : err_private(ERR_UNAVAILABLE, "there is no thread for drills");
}

void drill_clock_stop(struct drill_clock **clock) {
	struct drill_clock *k = *clock;
	if (!k)
		return;
	k->stop = true;
	if (k->started)
		pthread_join(k->thread, NULL);
	pthread_mutex_destroy(&k->lock);
	arena_free(&k->c.arena);
	free((void *)(uintptr_t)k->holder.p);
	free(k);
	*clock = NULL;
}
