#include "api/view/status_edit.h"

#include "api/view/account.h"
#include "api/view/emoji.h"
#include "api/view/media.h"
#include "base/id.h"
#include "core/text.h"
#include "store/media.h"
#include "store/mention.h"

/* What all forms of a post share. */
struct post {
	struct rq *rq;
	const struct status *s;
	struct text_person *people;
	size_t people_count;
	struct media *media;
	size_t media_count;
};

static void read_post(struct post *p) {
	struct ctx *c = &p->rq->c;
	struct mention *m;
	size_t n;
	if (store_mentions_of(c->arena, c->db, p->s->id, &m, &n))
		n = 0;
	p->people = arena_many(c->arena, struct text_person, n + 1);
	for (size_t i = 0; i < n; i++)
		p->people[p->people_count++] = (struct text_person){.username = m[i].username, .domain = m[i].domain};
	if (store_media_of_status(c->arena, c->db, p->s->id, &p->media, &p->media_count))
		p->media_count = 0;
}

/* Of the media a form had, those the post still has: the others' addresses are dead. */
static void put_media(const struct post *p, struct buf *out, const json_t *ids) {
	size_t written = 0;
	buf_byte(out, '[');
	for (size_t i = 0; i < p->media_count; i++) {
		bool had = ids == NULL;
		for (size_t k = 0; k < json_array_size(ids) && !had; k++)
			had = json_integer_value(json_array_get(ids, k)) == p->media[i].id;
		if (!had)
			continue;
		if (written++)
			buf_byte(out, ',');
		view_media_attachment(out, p->rq->c.site, &p->media[i]);
	}
	buf_byte(out, ']');
}

static void put_poll(struct buf *out, const json_t *options) {
	size_t n = json_array_size(options);
	if (!n) {
		buf_lit(out, ",\"poll\":null");
		return;
	}
	buf_lit(out, ",\"poll\":{\"options\":[");
	for (size_t i = 0; i < n; i++) {
		json_t *o = json_array_get(options, i);
		buf_put(out, i ? S(",{\"title\":") : S("{\"title\":"));
		buf_json_string(out, str_mem(json_string_value(o), json_string_length(o)));
		buf_byte(out, '}');
	}
	buf_lit(out, "]}");
}

static void put_form(const struct post *p, struct buf *out, const struct status_edit *f) {
	struct ctx *c = &p->rq->c;
	json_t *extra = f->extra.n ? json_loadb(f->extra.p, f->extra.n, 0, NULL) : NULL;
	BUF_AUTO html = {0};
	text_html(c->arena, &html, c->site, f->text, p->people, p->people_count);
	buf_lit(out, "{\"content\":");
	buf_json_string(out, buf_str(&html));
	buf_lit(out, ",\"spoiler_text\":");
	buf_json_string(out, f->warning);
	buf_put(out, f->flags & STATUS_SENSITIVE ? S(",\"sensitive\":true") : S(",\"sensitive\":false"));
	buf_lit(out, ",\"created_at\":\"");
	buf_iso8601(out, id_ms(f->id));
	buf_lit(out, "\",\"account\":");
	if (!view_account(p->rq, out, p->s->author_id))
		buf_lit(out, "null");
	buf_lit(out, ",\"media_attachments\":");
	put_media(p, out, extra ? json_object_get(extra, "media") : NULL);
	buf_lit(out, ",\"emojis\":");
	err e = view_emojis_in(c->arena, c->db, out, c->site, (struct str[]){f->text, f->warning}, 2);
	if (e)
		ctx_broke(c, e);
	put_poll(out, json_object_get(extra, "poll"));
	buf_lit(out, ",\"quote\":null}");
	json_decref(extra);
}

void view_status_forms(struct rq *rq, struct buf *out, const struct status *s, const struct status_edit *forms, size_t n) {
	struct post p = {.rq = rq, .s = s};
	struct status_edit only = {.id = s->id, .flags = s->flags, .text = s->text, .warning = s->warning};
	read_post(&p);
	buf_byte(out, '[');
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_byte(out, ',');
		put_form(&p, out, &forms[i]);
	}
	if (!n)
		put_form(&p, out, &only);
	buf_byte(out, ']');
}
