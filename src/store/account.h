/* Accounts: people as others see them. What only the person and the owner know is in store/member.h.
 *
 * An account is never deleted as a row: ACCOUNT_DELETED makes it a tombstone that keeps its name from being taken, empty of all else. */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "store/tx.h"

/* Bits of account.flags. Stored: append only. The SQL of the directory names ACCOUNT_DISCOVERABLE by its number. */
enum account_flag {
	ACCOUNT_LOCKED = 1 << 0, /* follows need its consent */
	ACCOUNT_BOT = 1 << 1,
	ACCOUNT_DISCOVERABLE = 1 << 2,     /* may stand in the directory and in suggestions */
	ACCOUNT_INDEXABLE = 1 << 3,        /* public posts may be found by anybody's search, and by search engines */
	ACCOUNT_HIDE_COLLECTIONS = 1 << 4, /* hides whom it follows and who follows it */
	ACCOUNT_SUSPENDED = 1 << 5,        /* by a moderator: nobody sees it, it cannot act; can be undone */
	ACCOUNT_LIMITED = 1 << 6,          /* by a moderator ("silenced"): seen only by followers and by who looks for it */
	ACCOUNT_MEMORIAL = 1 << 7,
	ACCOUNT_SENSITIVE = 1 << 8, /* by a moderator: all its media count as sensitive */
	ACCOUNT_PENDING = 1 << 9,   /* not confirmed or not approved yet: nobody but itself sees it */
	ACCOUNT_DELETED = 1 << 10,  /* a tombstone */
};

/* With any of these an account and all it wrote is as if it were not there, for everybody but itself and moderators. */
enum { ACCOUNT_GONE = ACCOUNT_SUSPENDED | ACCOUNT_PENDING | ACCOUNT_DELETED };

struct account_row {
	int64_t id;
	struct str username;       /* as typed at sign-up */
	struct str domain;         /* empty: one of ours */
	struct str display_name;   /* may be empty */
	struct str note;           /* plain text as typed */
	struct str fields;         /* JSON: [{"name","value","verified_at"}]; may be empty */
	struct str avatar, header; /* media keys; empty: the drawn default */
	int64_t flags;
	int64_t changed_at; /* ms; the version of the account's JSON */
	int64_t statuses, followers, following;
	int64_t last_status_at; /* ms; 0: never */
};

/* Strings are copied into the arena. *found false: no such row (tombstones are found). */
err store_account_by_id(struct arena *a, struct db *db, int64_t id, struct account_row *out, bool *found);
/* Name in any case; domain empty for ours. */
err store_account_by_name(struct arena *a, struct db *db, struct str username, struct str domain, struct account_row *out, bool *found);
err store_account_id_by_name(struct db *db, struct str username, struct str domain, int64_t *out, bool *found);
/* 0 and *found false when there is none. */
err store_account_flags(struct db *db, int64_t id, int64_t *flags, bool *found);

/* Posts of all accounts: reads the whole table of counters. */
err store_account_total_statuses(struct db *db, int64_t *out);

/* Inside a transaction. Inserts the row and its counters (all zero); row->id and changed_at are the caller's. */
err store_account_insert(struct tx *tx, const struct account_row *row);
/* Writes display_name, note, fields, avatar, header and flags; changed_at becomes now. */
err store_account_update(struct tx *tx, const struct account_row *row);
/* Sets and clears bits of flags; changed_at becomes now. */
err store_account_flags_set(struct tx *tx, int64_t id, int64_t set, int64_t clear);

/* Ids of ours that want to be found and are not limited, memorial or gone; by last activity, or newest first. */
err store_account_directory(struct arena *a, struct db *db, bool newest, int limit, int64_t offset, int64_t **ids, size_t *n);

#endif
