#include "core/tag.h"

#include "base/id.h"
#include "wire/text.h"

enum { NAME_LONGEST = 500 };

/* A name is one when "#name" would be found in a text, whole. */
static err check_name(struct ctx *c, struct str name, struct tag *out) {
	if (str_starts(name, S("#")))
		name = str_skip(name, 1);
	struct str text = arena_printf(c->arena, "#%.*s", S_ARG(str_first(name, NAME_LONGEST)));
	struct text_find f;
	size_t at = 0;
	if (name.n > NAME_LONGEST || !str_utf8(name) || !text_next(text, &at, &f) || f.kind != TEXT_TAG || f.n != text.n)
		return err_plain(ERR_NOT_FOUND);
	*out = (struct tag){.name = text_tag_fold(c->arena, name), .display = arena_str(c->arena, name)};
	return NULL;
}

err tag_named(struct ctx *c, struct str name, struct tag *out) {
	struct tag wanted;
	bool found;
	TRY(check_name(c, name, &wanted));
	TRY(store_tag_by_name(c->arena, c->db, wanted.name, out, &found));
	if (!found)
		*out = wanted;
	return NULL;
}

struct act {
	struct ctx *c;
	struct tag *tag;
	bool on;
};

static err follow_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	struct tag *t = act->tag;
	int64_t viewer = act->c->viewer, id;
	bool found, followed = false, changed;
	struct tag was;
	TRY(store_tag_by_name(act->c->arena, tx_db(tx), t->name, &was, &found));
	if (found)
		TRY(store_tag_followed(tx_db(tx), viewer, was.id, &followed));
	t->id = was.id;
	if (followed == act->on)
		return NULL;
	if (!found)
		t->id = id_new();
	TRY(tx_journal(tx, J_TAG_FOLLOWED, viewer, t->id, act->on));
	TRY(store_tag_ensure(tx, t->name, t->display, t->id, &id));
	return act->on ? store_tag_follow(tx, viewer, id, id_new(), &changed) : store_tag_unfollow(tx, viewer, id, &changed);
}

err tag_follow(struct ctx *c, struct str name, bool on, struct tag *out) {
	TRY(tag_named(c, name, out));
	return tx_run(c->db, follow_tx, &(struct act){c, out, on});
}
