/* Who makes a node's backups: a thread of the server, so that other commands get their turn. It makes those that `freehold backup TO` asks
 * for, and those of the settings (backup.to, backup.every), and verifies these (backup.verify). Another thread ships the log (move/ship.h)
 * when backup.keep names one. Of many nodes one makes each backup and one ships: the database remembers when the last one was.
 *
 * A place that does not answer is warned of and counted within seconds, and asked again. Any thread. */
#ifndef OPS_KEEPER_H
#define OPS_KEEPER_H

#include "move/backup.h"
#include "ops/command.h"

/* In the database (store/local_state.h), in ms since 1970: when the settings' last backup was made, when the newest was verified, and the
 * latter again when it was not whole. */
#define BACKUP_MADE "backup.made"
#define BACKUP_VERIFIED "backup.verified"
#define BACKUP_UNSOUND "backup.unsound"
/* A line for each of the last BACKUP_HISTORY_MAX of the settings' backups, the oldest first: when it was made, milliseconds that it took,
 * and bytes that it sent. */
#define BACKUP_HISTORY "backup.history"
enum { BACKUP_HISTORY_MAX = 30 };

/* What `freehold backup TO` was told. Strings are copied where it is begun. */
struct backup_wish {
	struct str to, key;
	struct backup_keep keep;
	bool has_keep, after_loss;
};

/* Opens the place and makes the backup, in this thread. */
err backup_do(struct ctx *c, const struct backup_wish *wish, struct backup_order *order, struct backup_result *out);

struct keeper;
/* ERR_INVALID names a backup.… setting that cannot be used. */
err keeper_start(struct keeper **out, struct site *site);
/* A backup that is being made ends early; the next finds what it sent. */
void keeper_stop(struct keeper **k);

/* ERR_CONFLICT while one is being made, or where nothing may be written because the network was handed over (k is NULL). */
err keeper_ask(struct keeper *k, const struct backup_wish *wish);
/* Of the last one asked for; false when there was none. *running: then *counts is set; else *result is, or failed->text says why not. */
bool keeper_state(struct keeper *k, bool *running, struct backup_counts *counts, struct backup_result *result, struct err *failed);

/* For the metrics. Times are ms since 1970; 0: never, since the start. */
struct keeper_facts {
	bool wanted;                /* backup.to is set */
	bool reachable;             /* the place answered when it was asked last */
	bool failed;                /* the last backup of the settings */
	int64_t log_number, log_at; /* the log's last segment; when all was there last */
	int64_t number, at;         /* of the last backup of the settings */
	bool unsound;               /* the last one verified was not whole */
	int64_t verified_at;
};
void keeper_facts(struct keeper *k, struct keeper_facts *out);

#endif
