#include "core/settings.h"

#include "base/buf.h"
#include "store/tx.h"

#include <jansson.h>

static struct str text_at(struct arena *a, const json_t *o, const char *key, const char *otherwise) {
	const char *v = json_string_value(json_object_get(o, key));
	return arena_str(a, str_of(v ? v : otherwise));
}

struct settings settings_of(struct arena *a, const struct member_row *m) {
	json_t *o = m->settings.n ? json_loadb(m->settings.p, m->settings.n, 0, NULL) : NULL;
	struct settings s = {
	    .privacy = text_at(a, o, "privacy", "public"),
	    .sensitive = json_is_true(json_object_get(o, "sensitive")),
	    .language = text_at(a, o, "language", ""),
	    .theme = text_at(a, o, "theme", "auto"),
	    .locale = m->locale,
	    .reduce_motion = json_is_true(json_object_get(o, "reduce_motion")),
	    .expand_warnings = json_is_true(json_object_get(o, "expand_warnings")),
	    .expand_media = text_at(a, o, "expand_media", "default"),
	};
	json_decref(o);
	return s;
}

err settings_read(struct ctx *c, int64_t account_id, struct settings *out) {
	struct member_row m = {0};
	bool found;
	TRY(store_member_by_id(c->arena, c->db, account_id, &m, &found));
	*out = settings_of(c->arena, &m);
	return NULL;
}

static bool is_one_of(struct str s, const char *choices) {
	struct str rest = str_of(choices);
	while (rest.n)
		if (str_eq(str_cut(&rest, ' '), s))
			return true;
	return false;
}

static bool is_language(struct str s) {
	bool ok = s.n >= 2 && s.n <= 10;
	for (size_t i = 0; ok && i < s.n; i++)
		ok = ((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') || (i && s.p[i] == '-');
	return ok;
}

void settings_check(const struct settings_change *in, struct problems *p) {
	if (in->privacy.p && !is_one_of(in->privacy, "public unlisted private direct"))
		problem_add(p, "privacy", "ERR_INCLUSION", "must be public, unlisted, private or direct");
	if (in->language.n && !is_language(in->language))
		problem_add(p, "language", "ERR_INVALID", "must be a language code");
	if (in->locale.n && !is_language(in->locale))
		problem_add(p, "locale", "ERR_INVALID", "must be a language code");
	if (in->theme.p && !is_one_of(in->theme, "auto light dark"))
		problem_add(p, "theme", "ERR_INCLUSION", "must be auto, light or dark");
	if (in->expand_media.p && !is_one_of(in->expand_media, "default show_all hide_all"))
		problem_add(p, "expand_media", "ERR_INCLUSION", "must be default, show_all or hide_all");
}

static void set_text(json_t *o, const char *key, struct str v) {
	if (v.p)
		json_object_set_new(o, key, json_stringn(v.p, v.n));
}

static void set_bool(json_t *o, const char *key, int v) {
	if (v >= 0)
		json_object_set_new(o, key, json_boolean(v));
}

void settings_apply(struct arena *a, struct member_row *m, const struct settings_change *in) {
	json_t *o = m->settings.n ? json_loadb(m->settings.p, m->settings.n, 0, NULL) : NULL;
	if (!json_is_object(o)) {
		json_decref(o);
		o = json_object();
	}
	set_text(o, "privacy", in->privacy);
	set_text(o, "language", in->language);
	set_text(o, "theme", in->theme);
	set_text(o, "expand_media", in->expand_media);
	set_bool(o, "sensitive", in->sensitive);
	set_bool(o, "reduce_motion", in->reduce_motion);
	set_bool(o, "expand_warnings", in->expand_warnings);
	char *text = json_dumps(o, JSON_COMPACT);
	m->settings = arena_str(a, str_of(text));
	free(text);
	json_decref(o);
	if (in->locale.p)
		m->locale = in->locale;
}

struct change {
	struct ctx *c;
	const struct settings_change *in;
};

static err change(struct tx *tx, void *arg) {
	struct change *ch = arg;
	struct member_row m;
	bool found;
	TRY(tx_journal(tx, J_MEMBER_CHANGED, ch->c->viewer, 0, 0));
	TRY(store_member_by_id(ch->c->arena, tx_db(tx), ch->c->viewer, &m, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	settings_apply(ch->c->arena, &m, ch->in);
	return store_member_update(tx, &m);
}

err settings_change(struct ctx *c, const struct settings_change *in, struct problems *p) {
	settings_check(in, p);
	TRY(problems_err(p));
	return tx_run(c->db, change, &(struct change){c, in});
}
