#include "core/emoji.h"

#include "base/id.h"
#include "core/audit.h"
#include "core/media.h"
#include "wire/text.h"

static err taken(void) { return err_public(ERR_INVALID, "Validation failed: Shortcode has already been taken"); }

static bool is_name(struct str s) {
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '_')
			return false;
	return s.n >= 2 && s.n <= EMOJI_NAME_MAX;
}

err emoji_name_check(struct ctx *c, struct str shortcode) {
	struct emoji other;
	bool found;
	if (!is_name(shortcode))
		return err_public(ERR_INVALID, "Validation failed: Shortcode must be 2 to %d letters, numbers and underscores",
		                  EMOJI_NAME_MAX);
	TRY(store_emoji_by_shortcode(c->arena, c->db, shortcode, &other, &found));
	return found ? taken() : NULL;
}

static err category_check(struct str category) {
	if (text_length(category) <= EMOJI_CATEGORY_MAX)
		return NULL;
	return err_public(ERR_INVALID, "Validation failed: Category is too long (maximum is %d characters)", EMOJI_CATEGORY_MAX);
}

struct act {
	struct ctx *c;
	struct emoji *e;
	int64_t media;
	bool taken;
};

static err note(struct tx *tx, const struct act *a, struct str action) {
	struct str label = arena_printf(a->c->arena, ":%.*s:", S_ARG(a->e->shortcode));
	return audit_note(tx, a->c, action, S("emoji"), a->e->id, label, STR_NONE);
}

static err create(struct tx *tx, void *arg) {
	struct act *a = arg;
	struct emoji other;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	TRY(store_emoji_by_shortcode(a->c->arena, tx_db(tx), a->e->shortcode, &other, &a->taken));
	if (a->taken)
		return store_media_drop(tx, a->media);
	TRY(store_emoji_insert(tx, a->e, a->media));
	return note(tx, a, S("emoji_create"));
}

err emoji_create(struct ctx *c, const struct picture *p, struct emoji *e) {
	struct media m;
	struct act a = {.c = c, .e = e};
	TRY(emoji_name_check(c, e->shortcode));
	TRY(category_check(e->category));
	TRY(media_create(c, 0, MEDIA_EMOJI, p, &(struct media_text){0}, &m));
	e->id = id_new();
	e->key = m.key;
	a.media = m.id;
	TRY(tx_run(c->db, create, &a));
	return a.taken ? taken() : NULL;
}

static err change(struct tx *tx, void *arg) {
	const struct act *a = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	TRY(store_emoji_update(tx, a->e));
	return note(tx, a, S("emoji_change"));
}

err emoji_change(struct ctx *c, const struct emoji *e) {
	struct emoji new;
	bool found;
	TRY(category_check(e->category));
	TRY(store_emoji_by_id(c->arena, c->db, e->id, &new, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	new.category = e->category;
	new.visible = e->visible;
	return tx_run(c->db, change, &(struct act){.c = c, .e = &new});
}

static err remove_tx(struct tx *tx, void *arg) {
	const struct act *a = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	TRY(store_emoji_delete(tx, a->e->id));
	TRY(store_media_drop_key(tx, a->e->key));
	return note(tx, a, S("emoji_delete"));
}

err emoji_remove(struct ctx *c, int64_t id) {
	struct emoji e;
	bool found;
	TRY(store_emoji_by_id(c->arena, c->db, id, &e, &found));
	return found ? tx_run(c->db, remove_tx, &(struct act){.c = c, .e = &e}) : err_plain(ERR_NOT_FOUND);
}
