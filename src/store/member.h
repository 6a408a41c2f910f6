/* Members: accounts of ours that can log in. Rows of one account each, keyed by the account's id. */
#ifndef STORE_MEMBER_H
#define STORE_MEMBER_H

#include "store/tx.h"

/* Bits of member.flags. Stored: append only. The index of those who wait names MEMBER_APPROVED by its number. */
enum member_flag {
	MEMBER_CONFIRMED = 1 << 0, /* the e-mail address is theirs, or the telephone (registrations.confirm), or who moderates says so */
	MEMBER_APPROVED = 1 << 1,  /* a moderator, an invite or the mode of registration let them in */
	MEMBER_DISABLED = 1 << 2,  /* by a moderator: cannot log in; the account stays as it is */
};
enum { MEMBER_ACTIVE = MEMBER_CONFIRMED | MEMBER_APPROVED };

struct member_row {
	int64_t account_id;
	struct str email;
	struct str new_email;     /* a change that waits for its confirmation; empty: none */
	struct str password_hash; /* empty: cannot log in */
	int role;                 /* 0 user, 1 moderator, 2 admin, 3 owner: enum role of core/ctx.h */
	int64_t flags;
	struct str locale, reason;
	int64_t invite_id;     /* 0: none */
	struct str address;    /* of the sign-up */
	struct str settings;   /* JSON object; may be empty */
	int64_t last_login_at; /* ms; 0: never */
};

/* Strings are copied into the arena. */
err store_member_by_id(struct arena *a, struct db *db, int64_t account_id, struct member_row *out, bool *found);
err store_member_by_email(struct arena *a, struct db *db, struct str email, struct member_row *out, bool *found);
/* Whether anybody has this role or a higher one. */
err store_member_any_with_role(struct db *db, int role, bool *found);
/* How many others have exactly this role and can log in. */
err store_member_others_of_role(struct db *db, int role, int64_t account_id, int64_t *out);
/* The first of the owners. */
err store_member_owner(struct db *db, int64_t *id, bool *found);
/* Confirmed and approved members who were here since `since` (ms; 0: all). */
err store_member_count(struct db *db, int64_t since, int64_t *out);

/* Members in the order they joined, after an id, for lists. */
struct member_line {
	int64_t id;
	struct str username, email;
	int role;
	int64_t member_flags, account_flags;
};
err store_member_lines(struct arena *a, struct db *db, int64_t after, int limit, struct member_line **out, size_t *n);

/* What a moderator looks for; zero and empty: any. Texts are parts of what they are compared with, in any case; the address is whole. */
struct member_filter {
	int64_t account_flags, account_flags_not, member_flags, member_flags_not;
	int role; /* at least */
	struct str username, email, display_name, address;
	int64_t invited_by;
};
/* Ids between above and below, newest first. */
err store_members_found(struct arena *a, struct db *db, const struct member_filter *f, int64_t above, int64_t below, int limit,
                        int64_t **ids, size_t *n);
/* Who waits to be let in: the same by the index made for it. */
err store_members_pending(struct arena *a, struct db *db, int64_t above, int64_t below, int limit, int64_t **ids, size_t *n);
err store_member_invited_by(struct db *db, int64_t account_id, int64_t *inviter, bool *found);

/* Inside a transaction. */
err store_member_insert(struct tx *tx, const struct member_row *row);
err store_member_update(struct tx *tx, const struct member_row *row);
err store_member_delete(struct tx *tx, int64_t account_id);

#endif
