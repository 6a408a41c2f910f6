#include "core/profile.h"

#include "base/buf.h"
#include "core/follow.h"
#include "store/account.h"
#include "store/media.h"
#include "store/member.h"
#include "wire/text.h"

#include <jansson.h>

struct change {
	struct ctx *c;
	const struct profile_change *in;
};

err profile_check(const struct profile_change *in, struct problems *p) {
	if (text_length(in->display_name) > PROFILE_NAME)
		problem_add(p, "display_name", "ERR_TOO_LONG", "is too long (maximum is 30 characters)");
	if (text_length(in->note) > PROFILE_NOTE)
		problem_add(p, "note", "ERR_TOO_LONG", "is too long (maximum is 500 characters)");
	for (size_t i = 0; i < in->field_count; i++) {
		if (text_length(in->fields[i].name) > PROFILE_FIELD_TEXT || text_length(in->fields[i].value) > PROFILE_FIELD_TEXT)
			problem_add(p, "fields", "ERR_TOO_LONG", "are too long (maximum is 255 characters)");
		else if (str_empty(str_trim(in->fields[i].name)) && in->fields[i].value.n)
			problem_add(p, "fields", "ERR_BLANK", "need a label each");
	}
	settings_check(&in->settings, p);
	return problems_err(p);
}

/* A link that was verified stays so as long as neither side of it changes. */
static json_t *verified_at(const json_t *old, struct str name, struct str value) {
	size_t i;
	json_t *f;
	json_array_foreach(old, i, f) if (str_eq(str_of(json_string_value(json_object_get(f, "name"))), name) &&
	                                  str_eq(str_of(json_string_value(json_object_get(f, "value"))),
	                                         value)) return json_incref(json_object_get(f, "verified_at"));
	return json_null();
}

static struct str fields_json(struct arena *a, struct str old_text, const struct profile_change *in) {
	json_t *old = old_text.n ? json_loadb(old_text.p, old_text.n, 0, NULL) : NULL, *all = json_array();
	for (size_t i = 0; i < in->field_count; i++) {
		struct str name = str_trim(in->fields[i].name), value = str_trim(in->fields[i].value);
		if (str_empty(name) || str_empty(value))
			continue;
		json_t *f = json_object(), *verified = verified_at(old, name, value);
		json_object_set_new(f, "name", json_stringn(name.p, name.n));
		json_object_set_new(f, "value", json_stringn(value.p, value.n));
		json_object_set_new(f, "verified_at", verified ? verified : json_null());
		json_array_append_new(all, f);
	}
	char *text = json_array_size(all) ? json_dumps(all, JSON_COMPACT) : NULL;
	struct str out = arena_str(a, str_of(text));
	free(text);
	json_decref(all);
	json_decref(old);
	return out;
}

/* Multipart forms turn every line end into CR LF. */
static struct str unix_lines(struct arena *a, struct str s) {
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\r')
			p[n++] = s.p[i];
	p[n] = 0;
	return str_trim((struct str){p, n});
}

static struct str one_line(struct arena *a, struct str s) {
	struct str copy = arena_str(a, str_trim(s));
	for (char *p = (char *)(uintptr_t)copy.p; *p; p++)
		if ((unsigned char)*p < ' ')
			*p = ' ';
	return copy;
}

static err change_picture(struct tx *tx, struct str *key, struct str to) {
	if (!to.p)
		return NULL;
	struct str old = *key;
	*key = to;
	return old.n ? store_media_drop_key(tx, old) : NULL;
}

static err change(struct tx *tx, void *arg) {
	struct change *ch = arg;
	const struct profile_change *in = ch->in;
	struct arena *a = ch->c->arena;
	struct account_row row;
	struct member_row m;
	bool found;
	TRY(tx_journal(tx, J_ACCOUNT_CHANGED, ch->c->viewer, 0, 0));
	TRY(store_account_by_id(a, tx_db(tx), ch->c->viewer, &row, &found));
	if (found)
		TRY(store_member_by_id(a, tx_db(tx), ch->c->viewer, &m, &found));
	if (!found)
		return err_plain(ERR_NOT_FOUND);
	if (in->display_name.p)
		row.display_name = one_line(a, in->display_name);
	if (in->note.p)
		row.note = unix_lines(a, in->note);
	if (in->fields_given)
		row.fields = fields_json(a, row.fields, in);
	TRY(change_picture(tx, &row.avatar, in->avatar));
	TRY(change_picture(tx, &row.header, in->header));
	row.flags = (row.flags & ~in->which) | (in->flags & in->which);
	TRY(store_account_update(tx, &row));
	settings_apply(a, &m, &in->settings);
	return store_member_update(tx, &m);
}

err profile_change(struct ctx *c, const struct profile_change *in) {
	TRY(tx_run(c->db, change, &(struct change){c, in}));
	return in->which & ~in->flags & ACCOUNT_LOCKED ? follow_requests_authorize_all(c) : NULL;
}
