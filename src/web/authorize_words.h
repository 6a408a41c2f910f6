/* The words of the log-in and consent pages, in each language. Pure. */
#ifndef WEB_AUTHORIZE_WORDS_H
#define WEB_AUTHORIZE_WORDS_H

#include "base/str.h"

/* HTML-safe constants. */
struct words {
	const char *lang;
	const char *log_in, *log_in_for, *name_or_email, *password, *forgot;
	const char *wrong, *unconfirmed, *pending, *stale;
	const char *consent, *wants, *allow, *deny, *denied, *other_account;
	const char *code, *copy_code;
	const char *trouble, *unknown_app, *foreign_address, *bad_request, *bad_scope;
	const char *read, *write, *follow, *push, *profile, *admin_read, *admin_write;
};

/* By a language code or an Accept-Language header; English where it is neither known one. */
const struct words *words_for(struct str lang);
/* What a scope means; NULL for those that are shown by their name. */
const char *words_scope(const struct words *w, struct str scope);

#endif
