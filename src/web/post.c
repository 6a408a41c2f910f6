#include "web/post.h"

#include "base/id.h"
#include "core/film.h"
#include "core/policy.h"
#include "core/site.h"
#include "core/text.h"
#include "wire/url.h"

#include <time.h>

err post_load(struct ctx *c, int64_t id, const struct account_row *author, struct post *out) {
	bool found;
	*out = (struct post){0};
	TRY(status_visible(c, id, &out->status));
	if (out->status.boost_of_id)
		return err_plain(ERR_NOT_FOUND);
	if (author) {
		out->author = *author;
	} else {
		TRY(store_account_by_id(c->arena, c->db, out->status.author_id, &out->author, &found));
		if (!found)
			return err_plain(ERR_NOT_FOUND);
	}
	if (out->status.flags & STATUS_HAS_MEDIA)
		TRY(store_media_of_status(c->arena, c->db, id, &out->media, &out->media_count));
	if (out->status.flags & STATUS_HAS_MENTIONS)
		TRY(store_mentions_of(c->arena, c->db, id, &out->mentions, &out->mention_count));
	if (out->status.flags & STATUS_HAS_POLL)
		TRY(store_poll_by_status(c->arena, c->db, id, &out->poll, &out->has_poll));
	if (out->status.flags & STATUS_HAS_CARD && !out->media_count)
		TRY(store_card_of_status(c->arena, c->db, id, &out->card, &out->has_card));
	out->has_card = out->has_card && card_is_shown(&out->card);
	return NULL;
}

/* ── names and addresses ── */

struct str post_path(struct arena *a, const struct post *p) {
	return arena_printf(a, "/@%.*s/%lld", S_ARG(p->author.username), (long long)p->status.id);
}

struct str account_title(struct arena *a, const struct account_row *r) {
	return r->display_name.n ? r->display_name : arena_printf(a, "@%.*s", S_ARG(r->username));
}

struct str account_handle(struct arena *a, const struct site *site, const struct account_row *r) {
	struct str domain = r->domain.n ? r->domain : site->domain;
	return arena_printf(a, "@%.*s@%.*s", S_ARG(r->username), S_ARG(domain));
}

struct str account_picture(struct arena *a, const struct site *site, const struct account_row *r) {
	if (r->avatar.n)
		return arena_printf(a, "%.*s/media/%.*s", S_ARG(site->base_url), S_ARG(r->avatar));
	return arena_printf(a, "%.*s/avatars/%lld.png", S_ARG(site->base_url), (long long)r->id);
}

struct str account_small_picture(struct arena *a, const struct site *site, const struct account_row *r) {
	if (!r->avatar.n)
		return account_picture(a, site, r);
	return arena_printf(a, "%.*s/media/%.*s/" MEDIA_SMALL, S_ARG(site->base_url), S_ARG(media_stem(r->avatar)));
}

/* ── texts ── */

void post_text_html(struct ctx *c, struct buf *out, const struct post *p) {
	struct text_person *people = arena_many(c->arena, struct text_person, p->mention_count + 1);
	for (size_t i = 0; i < p->mention_count; i++)
		people[i] = (struct text_person){p->mentions[i].username, p->mentions[i].domain, STR_NONE};
	text_html(c->arena, out, c->site, p->status.text, people, p->mention_count);
}

struct str post_plain(struct ctx *c, const struct post *p, size_t most) {
	struct str s = p->status.warning.n ? p->status.warning : p->status.text;
	if (str_empty(s) && p->media_count)
		s = p->media[0].description;
	char *flat = arena_alloc(c->arena, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		flat[i] = s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t' ? ' ' : s.p[i];
	if (s.n <= most)
		return str_mem(flat, s.n);
	size_t cut = most;
	while (cut > most / 2 && flat[cut] != ' ')
		cut--;
	/* Never inside a character. */
	if (flat[cut] != ' ')
		for (cut = most; cut && ((unsigned char)flat[cut] & 0xc0) == 0x80;)
			cut--;
	return arena_printf(c->arena, "%.*s…", (int)cut, flat);
}

/* ── the article ── */

/* "5 March 2026, 13:37 UTC". */
static void put_time(struct buf *out, const struct words *w, int64_t ms) {
	time_t at = (time_t)(ms / 1000);
	struct tm tm;
	struct str month = STR_NONE, months = str_of(w->months);
	gmtime_r(&at, &tm);
	for (int i = 0; i <= tm.tm_mon; i++)
		month = str_cut(&months, ' ');
	buf_lit(out, "<time datetime=\"");
	buf_iso8601(out, ms);
	buf_printf(out, "\">%d%s %.*s %d, %02d:%02d UTC</time>", tm.tm_mday, w->day_mark, S_ARG(month), tm.tm_year + 1900, tm.tm_hour,
	           tm.tm_min);
}

static void put_author(struct ctx *c, struct buf *out, const struct post *p) {
	buf_lit(out, "<header class=\"p-author\"><img class=\"p-avatar\" src=\"");
	buf_html_text(out, account_small_picture(c->arena, c->site, &p->author));
	buf_lit(out, "\" alt=\"\" width=\"48\" height=\"48\"><div><a class=\"p-name\" rel=\"author\" href=\"/@");
	buf_html_text(out, p->author.username);
	buf_lit(out, "\"><bdi>");
	buf_html_text(out, account_title(c->arena, &p->author));
	buf_lit(out, "</bdi></a> <span class=\"p-handle\">");
	buf_html_text(out, account_handle(c->arena, c->site, &p->author));
	buf_lit(out, "</span></div></header>\n");
}

static void put_media_url(struct ctx *c, struct buf *out, struct str address) {
	buf_html_text(out, c->site->base_url);
	buf_lit(out, "/media/");
	buf_html_text(out, address);
}

/* The picture's files of a type, as " srcset=\"…\"" with the width at which a browser shows them; nothing when there are none. */
static void put_srcset(struct ctx *c, struct buf *out, const struct media *m, struct str type, enum post_size size) {
	const char *before = " srcset=\"";
	for (size_t i = 0; i < m->size_count; i++) {
		BUF_AUTO address = {0};
		if (!str_eq(media_size_type(&m->sizes[i]), type))
			continue;
		media_file_address(&address, m->key, m->sizes[i].name);
		buf_put(out, str_of(before));
		put_media_url(c, out, buf_str(&address));
		buf_printf(out, " %dw", m->sizes[i].width);
		before = ", ";
	}
	if (str_eq(m->type, type)) {
		buf_put(out, str_of(before));
		put_media_url(c, out, m->key);
		buf_printf(out, " %dw", m->width);
		before = ", ";
	}
	if (before[0] == ',')
		buf_put(out, size == POST_ALONE ? S("\" sizes=\"(min-width: 680px) 640px, 100vw\"")
		                                : S("\" sizes=\"(min-width: 680px) 320px, 100vw\""));
}

static void put_source(struct ctx *c, struct buf *out, const struct media *m, enum post_size size) {
	for (size_t i = 0; i < m->size_count; i++)
		if (str_eq(media_size_type(&m->sizes[i]), S("image/webp"))) {
			buf_lit(out, "<source type=\"image/webp\"");
			put_srcset(c, out, m, S("image/webp"), size);
			buf_byte(out, '>');
			return;
		}
}

static void put_picture(struct ctx *c, struct buf *out, const struct media *m, enum post_size size) {
	BUF_AUTO preview = {0};
	media_picture_preview(&preview, m);
	buf_lit(out, "<a href=\"");
	put_media_url(c, out, m->key);
	buf_lit(out, "\"><picture>");
	put_source(c, out, m, size);
	buf_lit(out, "<img loading=\"lazy\" src=\"");
	put_media_url(c, out, size == POST_IN_LIST ? buf_str(&preview) : m->key);
	buf_byte(out, '"');
	put_srcset(c, out, m, m->type, size);
	buf_printf(out, " width=\"%d\" height=\"%d\" alt=\"", m->width, m->height);
	buf_html_text(out, m->description);
	buf_lit(out, "\"></picture></a>\n");
}

static void put_tracks(struct ctx *c, struct buf *out, const struct media *m) {
	for (size_t i = 0; i < m->caption_count; i++) {
		buf_lit(out, "<track kind=\"captions\" srclang=\"");
		buf_html_text(out, m->captions[i].language);
		buf_lit(out, "\" label=\"");
		buf_html_text(out, m->captions[i].label);
		buf_lit(out, "\" src=\"");
		buf_html_text(out, c->site->base_url);
		buf_lit(out, "/media/");
		buf_html_text(out, media_stem(m->key));
		buf_lit(out, "/captions-");
		buf_html_text(out, m->captions[i].language);
		buf_lit(out, ".vtt\">");
	}
}

/* Played by the browser itself, when somebody asks. */
static void put_film(struct ctx *c, struct buf *out, const struct media *m) {
	bool sound = m->kind == MEDIA_AUDIO;
	BUF_AUTO address = {0};
	BUF_AUTO preview = {0};
	media_address(&address, m);
	media_preview_address(&preview, m);
	buf_put(out, sound ? S("<audio controls preload=\"none\" src=\"") : S("<video controls playsinline preload=\"none\" src=\""));
	buf_html_text(out, c->site->base_url);
	buf_lit(out, "/media/");
	buf_html_text(out, buf_str(&address));
	if (!sound && preview.n) {
		buf_printf(out, "\" width=\"%d\" height=\"%d\" poster=\"", m->width, m->height);
		buf_html_text(out, c->site->base_url);
		buf_lit(out, "/media/");
		buf_html_text(out, buf_str(&preview));
	}
	if (m->kind == MEDIA_GIFV)
		buf_lit(out, "\" loop muted title=\"");
	else
		buf_lit(out, "\" title=\"");
	buf_html_text(out, m->description);
	buf_lit(out, "\">");
	put_tracks(c, out, m);
	buf_put(out, sound ? S("</audio>\n") : S("</video>\n"));
}

/* With what came of it once it is over, when no vote changes it any more. */
static void put_poll(struct buf *out, const struct poll *poll) {
	int64_t all = 0;
	for (size_t i = 0; i < poll->option_count; i++)
		all += poll->votes[i];
	buf_lit(out, "<ul class=\"p-poll\">");
	for (size_t i = 0; i < poll->option_count; i++) {
		buf_lit(out, "<li>");
		buf_html_text(out, poll->options[i]);
		if (poll->flags & POLL_ENDED)
			buf_printf(out, " <strong>%lld %%</strong>", (long long)(all ? (poll->votes[i] * 200 + all) / (all * 2) : 0));
		buf_lit(out, "</li>");
	}
	buf_lit(out, "</ul>\n");
}

/* The preview of a linked page: a stranger's words, and a picture that comes from here. */
static void put_card(struct ctx *c, struct buf *out, const struct card *k) {
	struct url u = {0};
	buf_lit(out, "<a class=\"p-card\" rel=\"noopener noreferrer nofollow\" href=\"");
	buf_html_text(out, k->url);
	buf_lit(out, "\">");
	if (k->image_key.n) {
		buf_lit(out, "<img loading=\"lazy\" src=\"");
		buf_html_text(out, c->site->base_url);
		buf_lit(out, "/media/remote/");
		buf_html_text(out, k->image_key);
		buf_printf(out, "\" width=\"%lld\" height=\"%lld\" alt=\"", (long long)k->image_width, (long long)k->image_height);
		buf_html_text(out, k->image_alt);
		buf_lit(out, "\">");
	}
	buf_lit(out, "<span");
	if (k->language.n) {
		buf_lit(out, " lang=\"");
		buf_html_text(out, k->language);
		buf_byte(out, '"');
	}
	buf_lit(out, "><small dir=\"auto\">");
	buf_html_text(out, k->provider.n ? k->provider : url_split(k->url, &u) ? u.host : STR_NONE);
	buf_lit(out, "</small> <strong dir=\"auto\">");
	buf_html_text(out, k->title);
	buf_lit(out, "</strong> <span dir=\"auto\">");
	buf_html_text(out, k->description);
	buf_lit(out, "</span></span></a>\n");
}

static void put_pictures(struct ctx *c, struct buf *out, const struct words *w, const struct post *p, enum post_size size) {
	bool hidden = (p->status.flags & STATUS_SENSITIVE || p->author.flags & ACCOUNT_SENSITIVE) && !p->status.warning.n;
	if (hidden)
		buf_printf(out, "<details><summary>%s</summary>\n", w->sensitive);
	buf_lit(out, "<div class=\"p-pictures\">\n");
	for (size_t i = 0; i < p->media_count; i++)
		if (media_is_film(p->media[i].kind))
			put_film(c, out, &p->media[i]);
		else
			put_picture(c, out, &p->media[i], size);
	buf_lit(out, "</div>\n");
	if (hidden)
		buf_lit(out, "</details>\n");
}

void post_html(struct ctx *c, struct buf *out, const struct words *w, const struct post *p, enum post_size size) {
	buf_printf(out, "<article class=\"p-post%s\"", size == POST_ALONE ? " p-alone" : "");
	if (p->status.language.n) {
		buf_lit(out, " lang=\"");
		buf_html_text(out, p->status.language);
		buf_byte(out, '"');
	}
	buf_lit(out, ">\n");
	put_author(c, out, p);
	if (p->status.warning.n) {
		buf_lit(out, "<details><summary>");
		buf_html_text(out, p->status.warning);
		buf_lit(out, "</summary>\n");
	}
	buf_lit(out, "<div class=\"p-text\" dir=\"auto\">");
	post_text_html(c, out, p);
	buf_lit(out, "</div>\n");
	if (p->media_count)
		put_pictures(c, out, w, p, size);
	if (p->has_poll)
		put_poll(out, &p->poll);
	if (p->has_card)
		put_card(c, out, &p->card);
	if (p->status.warning.n)
		buf_lit(out, "</details>\n");
	buf_lit(out, "<footer><a href=\"");
	buf_html_text(out, post_path(c->arena, p));
	buf_lit(out, "\">");
	put_time(out, w, id_ms(p->status.id));
	buf_lit(out, "</a>");
	if (p->status.edited_at)
		buf_printf(out, " · %s", w->edited);
	buf_lit(out, "</footer>\n</article>\n");
}
