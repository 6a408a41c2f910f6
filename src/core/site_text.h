/* What the network says about itself and how one joins it: the site table over the settings. Read by pool workers and commands; changed by
 * its admins, in one transaction with a line in the audit log. */
#ifndef CORE_SITE_TEXT_H
#define CORE_SITE_TEXT_H

#include "core/ctx.h"
#include "core/language.h"
#include "core/problem.h"
#include "store/rule.h"
#include "store/tx.h"

enum registrations { REGISTRATIONS_APPROVAL, REGISTRATIONS_OPEN, REGISTRATIONS_INVITE, REGISTRATIONS_CLOSED };
const char *registrations_name(enum registrations r);

/* What has to be confirmed before a member gets in: the setting registrations.confirm. */
enum confirms { CONFIRM_EMAIL, CONFIRM_PHONE, CONFIRM_NONE };
struct config;
enum confirms site_confirms(const struct config *config);
const char *confirms_name(enum confirms c);

struct site_text {
	struct str title, description, extended_description, privacy_policy, contact_email; /* as typed; all but the title may be empty */
	int64_t extended_description_at, privacy_policy_at;                                 /* ms of the last change; 0: never set */
	enum registrations registrations; /* the setting when somebody wrote it down, else what the admins chose */
	bool reason_required;
};

err site_text_read(struct ctx *c, struct site_text *out);
/* The privacy policy; what is true of every Freehold, in that language, for as long as the owner says nothing more. */
struct str site_privacy(const struct site_text *site, enum language l);
/* Whether nobody is the owner yet. */
err site_setup_needed(struct ctx *c, bool *out);

/* Changes; a NULL str (p == NULL) leaves what it stands for as it is. */
struct site_change {
	struct str title, description, extended_description, privacy_policy, contact_email;
	struct str registrations;     /* a name */
	const bool *reason_required;  /* NULL: as it is */
	const struct rule_row *rules; /* all of them, in order; id 0: a new one */
	size_t rule_count;
	bool rules_given;
};
/* Adds what is wrong to problems. */
void site_change_check(struct ctx *c, const struct site_change *in, struct problems *p);
/* Inside a transaction that has its journal entry; `in` was checked. */
err site_change_write(struct tx *tx, struct ctx *c, const struct site_change *in);
/* Checks, writes and notes it in the audit log; ERR_INVALID with problems. */
err site_text_change(struct ctx *c, const struct site_change *in, struct problems *p);

#endif
