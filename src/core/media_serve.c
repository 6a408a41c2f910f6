#include "core/media_serve.h"

#include "base/buf.h"
#include "core/media.h"
#include "core/media_known.h"
#include "core/media_store.h"
#include "store/media.h"
#include "store/media_file.h"

/* The picture whose key begins so: its ending is one of few. */
static err find_picture(struct ctx *c, struct str stem, struct media *m, bool *found) {
	static const char *const endings[] = {".jpg", ".png", ".webp"};
	*found = false;
	for (size_t i = 0; i < sizeof endings / sizeof *endings && !*found; i++)
		TRY(store_media_served(c->arena, c->db, arena_printf(c->arena, "%.*s%s", S_ARG(stem), endings[i]), m, found));
	return NULL;
}

static err find_preview(struct ctx *c, struct str name, struct media *m, bool *found) {
	TRY(find_picture(c, str_first(name, name.n - strlen(MEDIA_PREVIEW_ENDING)), m, found));
	*found = *found && m->has_preview;
	return NULL;
}

/* Text is always served by us: what it names is relative to its own address. */
static err serve(struct ctx *c, struct media_bytes *out) {
	const struct site *site = c->site;
	BUF_AUTO address = {0};
	bool text = str_starts(out->type, S("text/")) || str_eq(out->type, S("application/vnd.apple.mpegurl"));
	if (site->serving == SERVE_PUBLIC && !text) {
		buf_put(&address, site->public_media);
		buf_byte(&address, '/');
		buf_hex(&address, blob_name_str(&out->name));
	}
	bool elsewhere =
	    !text && (site->serving == SERVE_PUBLIC ||
	              (site->serving == SERVE_PRESIGNED && blob_address(site->blobs, &out->name, out->type, MEDIA_PRESIGNED_S, &address)));
	if (!elsewhere)
		return blob_serve(site->blobs, &out->name, &out->served);
	out->address = arena_str(c->arena, buf_str(&address));
	return NULL;
}

static err find_itself(struct ctx *c, struct str name, struct media_bytes *out, int64_t *account) {
	struct media m;
	bool found, small = str_ends(name, S(MEDIA_PREVIEW_ENDING));
	TRY(small ? find_preview(c, name, &m, &found) : store_media_served(c->arena, c->db, name, &m, &found));
	if (!found || (!small && !m.has_blob))
		return err_plain(ERR_NOT_FOUND);
	out->type = small ? S("image/webp") : m.type;
	out->name = small ? m.preview : m.blob;
	*account = m.account_id;
	return NULL;
}

/* An avatar or a header that has no small file: it was taken before there were any, or its small file had more bytes. */
static err find_unsized(struct ctx *c, struct str stem, struct media_bytes *out, int64_t *account) {
	struct media m;
	bool found;
	TRY(find_picture(c, stem, &m, &found));
	if (!found || (m.kind != MEDIA_AVATAR && m.kind != MEDIA_HEADER))
		return err_plain(ERR_NOT_FOUND);
	out->type = m.type;
	out->name = m.blob;
	*account = m.account_id;
	return NULL;
}

static err find_file(struct ctx *c, struct str stem, struct str name, struct media_bytes *out, int64_t *account) {
	struct media_file f;
	bool found;
	TRY(store_media_file_served(c->arena, c->db, stem, name, &f, account, &found));
	if (!found)
		return str_eq(name, S(MEDIA_SMALL)) ? find_unsized(c, stem, out, account) : err_plain(ERR_NOT_FOUND);
	out->type = f.type;
	out->name = f.blob;
	return NULL;
}

static err look_up(struct ctx *c, struct str stem, struct str name, struct media_bytes *out) {
	struct media_known *known = c->site->known;
	int64_t account;
	/* What was read before the mark could be older than what was told to be forgotten. */
	db_rest(c->db);
	uint64_t mark = media_known_mark(known);
	TRY(stem.n ? find_file(c, stem, name, out, &account) : find_itself(c, name, out, &account));
	if (!media_serve_changes(name))
		media_known_put(known, mark, stem, name, out->type, &(struct media_what){.account = account, .name = out->name});
	return NULL;
}

err media_serve(struct ctx *c, struct str stem, struct str name, struct media_bytes *out) {
	struct media_what what;
	*out = (struct media_bytes){.served.fd = -1};
	if (media_known_get(c->site->known, stem, name, &what)) {
		out->name = what.name;
		out->type = arena_str(c->arena, str_of(what.type));
		if (c->site->serving == SERVE_THROUGH && blob_serve_now(c->site->blobs, &out->name, &out->served))
			return NULL;
		return c->db ? serve(c, out) : ctx_miss(c);
	}
	if (!c->db)
		return ctx_miss(c);
	TRY(look_up(c, stem, name, out));
	return serve(c, out);
}

bool media_serve_changes(struct str name) { return str_ends(name, S(".m3u8")) || str_ends(name, S(".vtt")); }
