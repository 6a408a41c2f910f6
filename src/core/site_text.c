#include "core/site_text.h"

#include "base/clock.h"
#include "base/id.h"
#include "base/must.h"
#include "config/config.h"
#include "core/audit.h"
#include "core/site.h"
#include "core/username.h"
#include "store/member.h"
#include "store/site.h"

enum { TITLE_LONGEST = 100, DESCRIPTION_LONGEST = 1000, TEXT_LONGEST = 32 * 1024, RULE_LONGEST = 1000, RULES_MOST = 50 };

static const char *const names[] = {"approval", "open", "invite", "closed"};

const char *registrations_name(enum registrations r) { return names[r]; }

static bool registrations_parse(struct str name, enum registrations *out) {
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (str_eq(name, str_of(names[i]))) {
			*out = (enum registrations)i;
			return true;
		}
	return false;
}

static err read_time(struct ctx *c, struct str key, int64_t *out) {
	struct str text;
	TRY(store_site_get(c->arena, c->db, key, &text));
	if (!str_i64(text, out))
		*out = 0;
	return NULL;
}

static const char *const confirms_names[] = {[CONFIRM_EMAIL] = "email", [CONFIRM_PHONE] = "phone", [CONFIRM_NONE] = "none"};

const char *confirms_name(enum confirms c) { return confirms_names[c]; }

enum confirms site_confirms(const struct config *config) {
	struct str text = config_text(config, SET_registrations_confirm);
	for (enum confirms c = CONFIRM_EMAIL; c <= CONFIRM_NONE; c++)
		if (str_eq(text, str_of(confirms_names[c])))
			return c;
	must(false);
}

err site_text_read(struct ctx *c, struct site_text *out) {
	const struct config *config = c->site->config;
	struct str chosen, reason;
	TRY(store_site_get(c->arena, c->db, S("title"), &out->title));
	TRY(store_site_get(c->arena, c->db, S("description"), &out->description));
	TRY(store_site_get(c->arena, c->db, S("extended_description"), &out->extended_description));
	TRY(store_site_get(c->arena, c->db, S("privacy_policy"), &out->privacy_policy));
	TRY(store_site_get(c->arena, c->db, S("contact_email"), &out->contact_email));
	TRY(store_site_get(c->arena, c->db, S("registrations"), &chosen));
	TRY(store_site_get(c->arena, c->db, S("reason_required"), &reason));
	TRY(read_time(c, S("extended_description_at"), &out->extended_description_at));
	TRY(read_time(c, S("privacy_policy_at"), &out->privacy_policy_at));
	if (str_empty(out->title))
		out->title = config_text(config, SET_site_title);
	if (str_empty(chosen) || config_given(config, SET_registrations_mode))
		chosen = config_text(config, SET_registrations_mode);
	must(registrations_parse(chosen, &out->registrations));
	out->reason_required = !str_eq(reason, S("no"));
	return NULL;
}

static const char *const privacy[LANGUAGES] = {
    [LANGUAGE_EN] =
        "This network keeps what its members give it: their name, e-mail address, posts, pictures and relations, and the address and "
        "browser their sessions were last used from. Pictures lose all their metadata when they are uploaded. Passwords are kept only "
        "as Argon2id hashes, and a telephone number, where one is asked for, as a hash keyed with a secret of this network.\n\n"
        "Nothing is sold, nothing is given to advertisers, and no other service is asked to track anybody.\n\n"
        "Who deletes a post or their account removes it from the network at once. Encrypted backups may still contain it until they "
        "are replaced.",
    [LANGUAGE_DE] =
        "Dieses Netzwerk bewahrt auf, was seine Mitglieder ihm geben: Namen, E-Mail-Adresse, Beiträge, Bilder und Verbindungen, dazu "
        "die Adresse und den Browser, von denen aus sie zuletzt angemeldet waren. Bilder verlieren beim Hochladen alles, was in ihnen "
        "verborgen ist. Passwörter werden nur als Prüfsummen (Argon2id) aufbewahrt, und eine Telefonnummer, wo nach "
        "einer gefragt wird, als Prüfsumme mit einem Geheimnis dieses Netzwerks.\n\n"
        "Nichts wird verkauft, nichts geht an Werbende, und kein anderer Dienst wird gebeten, jemanden zu verfolgen.\n\n"
        "Wer einen Beitrag oder sein Konto löscht, entfernt es sofort aus dem Netzwerk. Verschlüsselte Sicherungen können es noch "
        "enthalten, bis sie ersetzt werden.",
};

struct str site_privacy(const struct site_text *site, enum language l) {
	return site->privacy_policy.n ? site->privacy_policy : str_of(privacy[l]);
}

err site_setup_needed(struct ctx *c, bool *out) {
	bool owned;
	TRY(store_member_any_with_role(c->db, ROLE_OWNER, &owned));
	*out = !owned;
	return NULL;
}

static void check_length(struct problems *p, const char *field, struct str text, size_t longest) {
	if (text.n > longest)
		problem_add(p, field, "ERR_TOO_LONG", "is too long");
}

static void check_registrations(struct ctx *c, struct str name, struct problems *p) {
	enum registrations mode;
	if (!name.p)
		return;
	if (!registrations_parse(name, &mode))
		problem_add(p, "registrations", "ERR_INCLUSION", "must be approval, open, invite or closed");
	else if (config_given(c->site->config, SET_registrations_mode) &&
	         !str_eq(name, config_text(c->site->config, SET_registrations_mode)))
		problem_add(p, "registrations", "ERR_INVALID", "are set by registrations.mode in the configuration");
}

void site_change_check(struct ctx *c, const struct site_change *in, struct problems *p) {
	if (in->title.p && str_empty(str_trim(in->title)))
		problem_add(p, "title", "ERR_BLANK", "can't be blank");
	check_length(p, "title", in->title, TITLE_LONGEST);
	check_length(p, "description", in->description, DESCRIPTION_LONGEST);
	check_length(p, "extended_description", in->extended_description, TEXT_LONGEST);
	check_length(p, "privacy_policy", in->privacy_policy, TEXT_LONGEST);
	struct str email, domain;
	struct problems about = {.n = 0};
	if (in->contact_email.n && !email_check(c->arena, &about, in->contact_email, &email, &domain))
		problem_add(p, "contact_email", "ERR_INVALID", "is not a valid e-mail address");
	check_registrations(c, in->registrations, p);
	if (in->rule_count > RULES_MOST)
		problem_add(p, "rules", "ERR_TOO_LONG", "are too many (maximum is 50)");
	for (size_t i = 0; i < in->rule_count; i++) {
		check_length(p, "rules", in->rules[i].text, RULE_LONGEST);
		check_length(p, "rules", in->rules[i].hint, RULE_LONGEST);
		if (str_empty(str_trim(in->rules[i].text)))
			problem_add(p, "rules", "ERR_BLANK", "can't be blank");
	}
}

static err write_text(struct tx *tx, struct str key, struct str value) {
	return value.p ? store_site_set(tx_db(tx), key, str_trim(value)) : NULL;
}

/* Long texts carry the time of their last change, which the API tells. */
static err write_dated(struct tx *tx, struct ctx *c, struct str key, struct str value) {
	if (!value.p)
		return NULL;
	TRY(write_text(tx, key, value));
	return store_site_set(tx_db(tx), arena_printf(c->arena, "%.*s_at", S_ARG(key)),
	                      arena_printf(c->arena, "%lld", (long long)clock_ms()));
}

/* Those not in the new list go; those with an id keep it. */
static err write_rules(struct tx *tx, struct ctx *c, const struct site_change *in) {
	struct rule_row *old;
	size_t n;
	TRY(store_rules(c->arena, tx_db(tx), &old, &n));
	for (size_t i = 0; i < n; i++) {
		bool kept = false;
		for (size_t k = 0; k < in->rule_count; k++)
			kept |= in->rules[k].id == old[i].id;
		if (!kept)
			TRY(store_rule_delete(tx, old[i].id));
	}
	for (size_t i = 0; i < in->rule_count; i++) {
		struct rule_row row = in->rules[i];
		bool known = false;
		for (size_t k = 0; k < n; k++)
			known |= old[k].id == row.id;
		if (!known)
			row.id = id_new();
		TRY(store_rule_put(tx, &row, (int64_t)i));
	}
	return NULL;
}

err site_change_write(struct tx *tx, struct ctx *c, const struct site_change *in) {
	TRY(write_text(tx, S("title"), in->title));
	TRY(write_text(tx, S("description"), in->description));
	TRY(write_dated(tx, c, S("extended_description"), in->extended_description));
	TRY(write_dated(tx, c, S("privacy_policy"), in->privacy_policy));
	TRY(write_text(tx, S("contact_email"), in->contact_email));
	TRY(write_text(tx, S("registrations"), in->registrations));
	if (in->reason_required)
		TRY(store_site_set(tx_db(tx), S("reason_required"), *in->reason_required ? S("yes") : S("no")));
	return in->rules_given ? write_rules(tx, c, in) : NULL;
}

struct change {
	struct ctx *c;
	const struct site_change *in;
};

static err change(struct tx *tx, void *arg) {
	struct change *ch = arg;
	TRY(tx_journal(tx, J_SITE_CHANGED, 0, 0, 0));
	TRY(site_change_write(tx, ch->c, ch->in));
	return audit_note(tx, ch->c, S("site_change"), S("site"), 0, ch->c->site->domain, STR_NONE);
}

err site_text_change(struct ctx *c, const struct site_change *in, struct problems *p) {
	site_change_check(c, in, p);
	TRY(problems_err(p));
	return tx_run(c->db, change, &(struct change){c, in});
}
