#include "api/view/account.h"

#include "api/view/pieces.h"
#include "api/view/role.h"
#include "core/settings.h"
#include "core/site.h"
#include "feed/merge.h"
#include "store/account.h"
#include "store/follow.h"

#include <jansson.h>

static struct pass pass_for(struct rq *rq) { return pass_of(rq->c.site->feed, rq->c.db, rq->c.arena, rq->c.viewer); }

/* Those that are gone are there for themselves and for moderators only. */
static const struct account_piece *visible(struct rq *rq, struct pass *p, int64_t id) {
	const struct account_piece *a = (const struct account_piece *)(const void *)pass_piece(p, PIECE_ACCOUNT, id);
	if (!a || a->head.piece.gone || (a->head.flags & ACCOUNT_DELETED))
		return NULL;
	return !(a->head.flags & ACCOUNT_GONE) || id == rq->c.viewer || rq->c.role >= ROLE_MODERATOR ? a : NULL;
}

/* A pass that could not answer leaves the request missed on a loop, broken on the pool. */
static bool failed(struct rq *rq, struct pass *p, struct buf *out, size_t from) {
	if (!p->missed && !p->error)
		return false;
	out->n = from;
	if (p->missed)
		ctx_miss(&rq->c);
	else
		ctx_broke(&rq->c, p->error);
	return true;
}

bool view_account(struct rq *rq, struct buf *out, int64_t id) {
	const size_t from = out->n;
	struct pass p = pass_for(rq);
	do {
		out->n = from;
		pass_enter(&p);
		const struct account_piece *a = visible(rq, &p, id);
		if (a)
			buf_put(out, piece_str(a, a->json));
	} while (pass_leave(&p));
	return !failed(rq, &p, out, from) && out->n > from;
}

void view_accounts(struct rq *rq, struct buf *out, const int64_t *ids, size_t n) {
	const size_t from = out->n;
	struct pass p = pass_for(rq);
	do {
		out->n = from;
		pass_enter(&p);
		buf_byte(out, '[');
		for (size_t i = 0; i < n; i++) {
			const struct account_piece *a = visible(rq, &p, ids[i]);
			if (!a)
				continue;
			if (out->n > from + 1)
				buf_byte(out, ',');
			buf_put(out, piece_str(a, a->json));
		}
		buf_byte(out, ']');
	} while (pass_leave(&p));
	if (failed(rq, &p, out, from))
		buf_lit(out, "[]");
}

/* ── one's own ───────────────────────────────────────────────────────────────────────────────────────────────────── */

static void put_bool(struct buf *b, bool yes) { buf_put(b, yes ? S("true") : S("false")); }

static void put_plain_fields(struct buf *out, struct str text) {
	json_t *fields = text.n ? json_loadb(text.p, text.n, 0, NULL) : NULL;
	size_t i;
	json_t *f;
	buf_byte(out, '[');
	json_array_foreach(fields, i, f) {
		const char *verified = json_string_value(json_object_get(f, "verified_at"));
		buf_put(out, i ? S(",{\"name\":") : S("{\"name\":"));
		buf_json_string(out, str_of(json_string_value(json_object_get(f, "name"))));
		buf_lit(out, ",\"value\":");
		buf_json_string(out, str_of(json_string_value(json_object_get(f, "value"))));
		buf_lit(out, ",\"verified_at\":");
		if (verified)
			buf_json_string(out, str_of(verified));
		else
			buf_lit(out, "null");
		buf_byte(out, '}');
	}
	buf_byte(out, ']');
	json_decref(fields);
}

static err put_source(struct rq *rq, struct buf *out, int64_t id) {
	struct account_row a;
	bool found;
	struct settings s;
	int64_t requests;
	TRY(store_account_by_id(rq->c.arena, rq->c.db, id, &a, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	TRY(store_follow_requests_count(rq->c.db, id, &requests));
	TRY(settings_read(&rq->c, id, &s));
	buf_lit(out, ",\"source\":{\"privacy\":");
	buf_json_string(out, s.privacy);
	buf_lit(out, ",\"sensitive\":");
	put_bool(out, s.sensitive);
	buf_lit(out, ",\"language\":");
	if (s.language.n)
		buf_json_string(out, s.language);
	else
		buf_lit(out, "null");
	buf_lit(out, ",\"note\":");
	buf_json_string(out, a.note);
	buf_lit(out, ",\"fields\":");
	put_plain_fields(out, a.fields);
	buf_lit(out, ",\"follow_requests_count\":");
	buf_i64(out, requests);
	buf_lit(out, ",\"hide_collections\":");
	put_bool(out, a.flags & ACCOUNT_HIDE_COLLECTIONS);
	buf_lit(out, ",\"discoverable\":");
	put_bool(out, a.flags & ACCOUNT_DISCOVERABLE);
	buf_lit(out, ",\"indexable\":");
	put_bool(out, a.flags & ACCOUNT_INDEXABLE);
	buf_lit(out, ",\"attribution_domains\":[],\"quote_policy\":\"nobody\"},\"role\":");
	return NULL;
}

bool view_credential_account(struct rq *rq, struct buf *out, int64_t id) {
	const size_t from = out->n;
	if (!rq->c.db) {
		ctx_miss(&rq->c);
		return false;
	}
	if (!view_account(rq, out, id))
		return false;
	out->n--; /* the closing brace: more keys follow */
	const err e = put_source(rq, out, id);
	if (e) {
		ctx_broke(&rq->c, e);
		out->n = from;
		return false;
	}
	view_role(out, id == rq->c.viewer ? rq->c.role : ROLE_USER);
	buf_byte(out, '}');
	return true;
}
