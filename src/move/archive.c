#include "move/archive.h"

#include "base/id.h"
#include "base/must.h"
#include "wire/row.h"

#include <jansson.h>
#include <sodium.h>

/* ── what leaves ── */

static const struct {
	const char *table;
	enum archive_class class;
} classes[] = {
    {"account", ARCHIVE_OPEN},
    {"account_count", ARCHIVE_OPEN},
    {"app", ARCHIVE_PARTLY},
    {"audit", ARCHIVE_OPEN},
    {"blob", ARCHIVE_OPEN},
    {"block", ARCHIVE_OPEN},
    {"bookmark", ARCHIVE_OPEN},
    {"conversation", ARCHIVE_OPEN},
    {"email_domain_block", ARCHIVE_OPEN},
    {"emoji", ARCHIVE_OPEN},
    {"favourite", ARCHIVE_OPEN},
    {"filter", ARCHIVE_OPEN},
    {"filter_keyword", ARCHIVE_OPEN},
    {"filter_status", ARCHIVE_OPEN},
    {"follow", ARCHIVE_OPEN},
    {"follow_request", ARCHIVE_OPEN},
    {"idempotency", ARCHIVE_NEVER},
    {"invite", ARCHIVE_SECRET},
    {"ip_block", ARCHIVE_OPEN},
    {"job", ARCHIVE_PARTLY},
    {"import_source", ARCHIVE_OPEN},
    {"list", ARCHIVE_OPEN},
    {"list_member", ARCHIVE_OPEN},
    {"marker", ARCHIVE_OPEN},
    {"media", ARCHIVE_OPEN},
    {"media_file", ARCHIVE_OPEN},
    {"member", ARCHIVE_PARTLY},
    {"mention", ARCHIVE_OPEN},
    {"mute", ARCHIVE_OPEN},
    {"note", ARCHIVE_OPEN},
    {"notification", ARCHIVE_OPEN},
    {"notification_policy", ARCHIVE_OPEN},
    {"once", ARCHIVE_SECRET},
    {"phone", ARCHIVE_SECRET},
    {"pin", ARCHIVE_OPEN},
    {"poll", ARCHIVE_OPEN},
    {"poll_count", ARCHIVE_OPEN},
    {"poll_vote", ARCHIVE_OPEN},
    {"report", ARCHIVE_OPEN},
    {"rule", ARCHIVE_OPEN},
    {"site", ARCHIVE_PARTLY},
    {"status", ARCHIVE_OPEN},
    {"status_count", ARCHIVE_OPEN},
    {"status_edit", ARCHIVE_OPEN},
    {"status_tag", ARCHIVE_OPEN},
    {"tag", ARCHIVE_OPEN},
    {"tag_follow", ARCHIVE_OPEN},
    {"thread_mute", ARCHIVE_OPEN},
    {"token", ARCHIVE_SECRET},
    {"transfer", ARCHIVE_OPEN},
    {"warning", ARCHIVE_OPEN},
};

enum archive_class archive_class_of(struct str table) {
	for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
		if (str_eq(table, str_of(classes[i].table)))
			return classes[i].class;
	return ARCHIVE_SECRET;
}

bool archive_is_id(struct str column) {
	return str_eq(column, S("id")) || str_ends(column, S("_id")) || str_ends(column, S("_by")) || str_eq(column, S("a")) ||
	       str_eq(column, S("b"));
}

bool archive_is_blob(struct str table, struct str column) {
	if (str_eq(table, S("blob")))
		return str_eq(column, S("hash"));
	return (str_eq(table, S("media")) || str_eq(table, S("media_file")) || str_eq(table, S("transfer"))) &&
	       (str_eq(column, S("blob")) || str_ends(column, S("_blob")));
}

static struct row_value *value_of(const struct image_table *t, struct row_value *v, struct str column) {
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->columns[i].name, column))
			return &v[i];
	must(false);
}

/* The site's public words. (Where its media lie, "media.moved", belongs to the place and not to the network.) */
static bool site_key_is_open(struct str key) {
	static const char *const open[] = {"title",          "description",       "extended_description", "extended_description_at",
	                                   "privacy_policy", "privacy_policy_at", "contact_email",        "registrations",
	                                   "reason_required"};
	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		if (str_eq(key, str_of(open[i])))
			return true;
	return false;
}

bool archive_redact(const struct image_table *t, struct row_value *v, bool with_secrets) {
	if (str_eq(t->name, S("site")) && str_starts(value_of(t, v, S("key"))->text, S("media.")))
		return false;
	if (with_secrets)
		return true;
	if (str_eq(t->name, S("site")))
		return site_key_is_open(value_of(t, v, S("key"))->text);
	if (str_eq(t->name, S("job"))) {
		struct str kind = value_of(t, v, S("kind"))->text;
		return str_starts(kind, S("media.")) || str_starts(kind, S("account_")) || str_starts(kind, S("transfer"));
	}
	if (str_eq(t->name, S("member")))
		value_of(t, v, S("password_hash"))->kind = ROW_NULL;
	/* No secret has an empty hash: the app cannot be used until it registers anew. */
	else if (str_eq(t->name, S("app")))
		value_of(t, v, S("secret_hash"))->text = S("");
	else
		must(false);
	return true;
}

/* ── lines ── */

void archive_line_put(struct buf *out, const struct image_table *t, const struct row_value *v) {
	for (size_t i = 0; i < t->n; i++) {
		buf_byte(out, i ? ',' : '{');
		buf_json_string(out, t->columns[i].name);
		buf_byte(out, ':');
		if (v[i].kind == ROW_TEXT)
			buf_json_string(out, v[i].text);
		else if (v[i].kind == ROW_NUMBER && archive_is_id(t->columns[i].name))
			buf_printf(out, "\"%lld\"", (long long)v[i].number);
		else if (v[i].kind == ROW_NUMBER)
			buf_i64(out, v[i].number);
		else
			buf_lit(out, "null");
	}
	buf_lit(out, "}\n");
}

static bool read_value(struct arena *a, const struct image_column *c, json_t *from, struct row_value *v) {
	struct str bytes;
	*v = (struct row_value){.kind = ROW_NULL};
	if (json_is_null(from))
		return true;
	if (json_is_integer(from)) {
		*v = (struct row_value){.kind = ROW_NUMBER, .number = json_integer_value(from)};
		return c->number;
	}
	if (!json_is_string(from))
		return false;
	struct str text = str_mem(json_string_value(from), json_string_length(from));
	if (c->number) {
		v->kind = ROW_NUMBER;
		return str_i64(text, &v->number);
	}
	*v = (struct row_value){.kind = ROW_TEXT, .text = arena_str(a, text)};
	return !c->bytes || row_bytes(a, text, &bytes);
}

static err read_object(struct arena *a, const struct image_table *t, json_t *o, struct row_value *v) {
	if (!json_is_object(o))
		return err_public(ERR_INVALID, "it is no JSON object");
	for (size_t i = 0; i < t->n; i++) {
		const struct image_column *c = &t->columns[i];
		json_t *from = json_object_getn(o, c->name.p, c->name.n);
		if (!from)
			return err_public(ERR_INVALID, "%.*s is missing", S_ARG(c->name));
		if (!read_value(a, c, from, &v[i]))
			return err_public(ERR_INVALID, "%.*s cannot be what it is", S_ARG(c->name));
	}
	return json_object_size(o) == t->n ? NULL : err_public(ERR_INVALID, "it has a member that the manifest does not name");
}

err archive_line_read(struct arena *a, const struct image_table *t, struct str line, struct row_value *v) {
	json_error_t why;
	json_t *o = json_loadb(line.p ? line.p : "", line.n, JSON_REJECT_DUPLICATES, &why);
	if (!o)
		return err_public(ERR_INVALID, "it is no JSON: %s", why.text);
	err e = read_object(a, t, o, v);
	json_decref(o);
	return e;
}

/* ── sealing ── */

err archive_key_make(struct archive_key *k, struct str passphrase) {
	if (crypto_pwhash(k->key, sizeof k->key, passphrase.p, passphrase.n, k->salt, (unsigned long long)k->operations, (size_t)k->memory,
	                  crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_public(ERR_UNAVAILABLE, "there is not enough memory to make the key: %lld MB are needed",
		                  (long long)(k->memory >> 20));
	return NULL;
}

enum { NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES, TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES };

void archive_seal(struct buf *out, const struct archive_key *k, struct str name, struct str bytes) {
	unsigned char nonce[NONCE];
	unsigned long long n;
	random_bytes(nonce, sizeof nonce);
	buf_put(out, str_mem(nonce, sizeof nonce));
	buf_reserve(out, bytes.n + TAG);
	crypto_aead_xchacha20poly1305_ietf_encrypt((unsigned char *)out->p + out->n, &n, (const unsigned char *)bytes.p, bytes.n,
	                                           (const unsigned char *)name.p, name.n, NULL, nonce, k->key);
	out->n += n;
}

bool archive_unseal(struct buf *out, const struct archive_key *k, struct str name, struct str sealed) {
	unsigned long long n;
	if (sealed.n < NONCE + TAG)
		return false;
	buf_reserve(out, sealed.n);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt((unsigned char *)out->p + out->n, &n, NULL, (const unsigned char *)sealed.p + NONCE,
	                                               sealed.n - NONCE, (const unsigned char *)name.p, name.n,
	                                               (const unsigned char *)sealed.p, k->key) != 0)
		return false;
	out->n += n;
	return true;
}
