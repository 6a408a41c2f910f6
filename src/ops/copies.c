/* The copies that this network has elsewhere, and its media on their way to another store, as the owner's page draws them. */
#include "api/json.h"
#include "base/clock.h"
#include "config/config.h"
#include "core/media_store.h"
#include "core/site.h"
#include "move/migrate.h"
#include "move/origin.h"
#include "ops/keeper.h"
#include "store/local_state.h"
#include "store/standby.h"

enum handled ops_copies(struct rq *rq);

static err number_of(struct rq *rq, struct str key, int64_t *out) {
	struct str text;
	TRY(store_local_get(rq->c.arena, rq->c.db, key, &text));
	if (!str_i64(text, out))
		*out = 0;
	return NULL;
}

static void put_history(struct buf *out, struct str lines) {
	json_key(out, "history");
	buf_byte(out, '[');
	for (bool first = true; lines.n; first = false) {
		struct str line = str_cut(&lines, '\n');
		int64_t at = 0, ms = 0, bytes = 0;
		(void)str_i64(str_cut(&line, ' '), &at);
		(void)str_i64(str_cut(&line, ' '), &ms);
		(void)str_i64(line, &bytes);
		buf_put(out, first ? S("{") : S(",{"));
		json_time(out, "at", at);
		json_key(out, "seconds");
		buf_printf(out, "%.3f", (double)ms / 1000);
		json_i64(out, "bytes", bytes);
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
}

/* The address without its keys. */
static err put_backup(struct rq *rq, struct buf *out) {
	const struct config *config = rq->c.site->config;
	struct str to = config_text(config, SET_backup_to), history;
	int64_t made, verified, unsound;
	json_key(out, "backup");
	if (str_empty(to)) {
		buf_lit(out, "null");
		return NULL;
	}
	TRY(number_of(rq, S(BACKUP_MADE), &made));
	TRY(number_of(rq, S(BACKUP_VERIFIED), &verified));
	TRY(number_of(rq, S(BACKUP_UNSOUND), &unsound));
	TRY(store_local_get(rq->c.arena, rq->c.db, S(BACKUP_HISTORY), &history));
	buf_byte(out, '{');
	json_text(out, "to", str_cut(&to, '?'));
	json_i64(out, "every_seconds", config_number(config, SET_backup_every));
	json_time(out, "made_at", made);
	json_time(out, "verified_at", verified);
	json_bool(out, "sound", !unsound);
	put_history(out, history);
	buf_byte(out, '}');
	return NULL;
}

/* "copying 12 45": the 12th of 45 tables. */
static err put_standby(struct rq *rq, struct buf *out, const struct standby_row *r) {
	struct str rest = r->doing, doing = str_cut(&rest, ' ');
	int64_t since = 0, step = 0, steps = 0, now = clock_ms();
	(void)str_i64(str_cut(&rest, ' '), &step);
	(void)str_i64(rest, &steps);
	if (r->joined)
		TRY(store_journal_rest(rq->c.db, r->xid, r->seq, &since));
	buf_byte(out, '{');
	json_text(out, "name", r->name);
	json_bool(out, "joined", r->joined);
	json_time(out, "heard_at", r->heard_at);
	json_text_or_null(out, "doing", doing);
	json_i64(out, "step", step);
	json_i64(out, "steps", steps);
	json_key(out, "behind_seconds");
	buf_printf(out, "%.3f", since && now > since ? (double)(now - since) / 1000 : 0.0);
	buf_byte(out, '}');
	return NULL;
}

static err put_standbys(struct rq *rq, struct buf *out) {
	struct standby_row *v;
	size_t n;
	bool any = false;
	TRY(store_standby_list(rq->c.arena, rq->c.db, &v, &n));
	json_key(out, "standbys");
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (standby_rehearses(v[i].name))
			continue;
		buf_put(out, any ? S(",") : S(""));
		TRY(put_standby(rq, out, &v[i]));
		any = true;
	}
	buf_byte(out, ']');
	return NULL;
}

static err put_media_move(struct rq *rq, struct buf *out) {
	struct media_move m;
	struct str moving;
	int64_t moved = 0, seen = 0;
	bool found;
	TRY(media_move_get(rq->c.arena, rq->c.db, &m, &found));
	TRY(store_local_get(rq->c.arena, rq->c.db, S(MEDIA_MOVING), &moving));
	(void)str_i64(str_cut(&moving, ' '), &moved);
	(void)str_i64(str_cut(&moving, ' '), &seen);
	json_key(out, "media_move");
	if (!found) {
		buf_lit(out, "null");
		return NULL;
	}
	buf_byte(out, '{');
	json_text(out, "from", str_cut(&m.from, '?'));
	json_text(out, "to", str_cut(&m.to, '?'));
	json_bool(out, "over", m.over);
	json_i64(out, "moved", moved);
	json_i64(out, "found", seen);
	json_bool(out, "all_found", str_eq(moving, S("1")));
	buf_byte(out, '}');
	return NULL;
}

enum handled ops_copies(struct rq *rq) {
	struct buf *out = rq_out(rq);
	buf_byte(out, '{');
	TRY_RQ(rq, put_backup(rq, out));
	TRY_RQ(rq, put_standbys(rq, out));
	TRY_RQ(rq, put_media_move(rq, out));
	buf_byte(out, '}');
	return reply_json(rq, 200);
}
