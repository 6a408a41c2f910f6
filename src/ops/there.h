/* The other machine of a move: what is there, the program, the settings and the standby in one folder of it.
 *
 *   DIR/bin/           freehold and freehold-media, where the machine has no freehold of this version
 *   DIR/data/          the standby's data folder; its freehold.conf is written once, and again only by whoever wrote it
 *   DIR/standby.log    what the standby says
 *
 * All can be done again: what is there already is left as it is. */
#ifndef OPS_THERE_H
#define OPS_THERE_H

#include "ops/remote.h"

struct there {
	struct remote ssh;
	struct str dir;     /* with its whole path */
	struct str program; /* the freehold to use there; empty: it has to be copied */
	struct str machine; /* its processor, as uname -m says */
	struct str found;   /* the version of a freehold that is there and is another; may be empty */
	bool has_conf, own_conf;
	int64_t free; /* bytes */

	/* After there_settings. */
	struct str domain, listen;
	bool has_database, has_media; /* in its own folder: SQLite, files */
};

/* Makes the folder and looks around. */
err there_look(struct there *t, struct str dir);

/* Copies this program there, where it is wanted. ERR_CONFLICT: it would not run there; the text says why and what to do. */
err there_install(struct there *t, bool *copied);

/* conf: a settings file, written unless one is there already and must_write is false. Then reads what holds there. */
err there_settings(struct there *t, struct str conf, bool must_write);

enum there_runs { THERE_SILENT, THERE_STANDBY, THERE_NETWORK };

struct there_state {
	enum there_runs runs;
	bool loaded, media_whole;
	double lag; /* seconds; less than 0: nobody knows */
	int64_t rows, blobs, blob_bytes;
	struct str origin, domain, trouble;
};

/* What `freehold standby status` prints. */
void there_state_read(struct arena *a, struct str text, struct there_state *out);

/* Once; strings live in the arena. */
err there_state(struct there *t, struct there_state *out);

/* About every second until fn says false, or nothing runs there any more (NULL then too, the last state tells); a state's strings live
 * until the next. ERR_UNAVAILABLE when the connection breaks. */
typedef bool (*there_fn)(void *ctx, const struct there_state *now);
err there_watch(struct there *t, there_fn fn, void *ctx);

/* Starts the standby and leaves it running. *joined is false when it has to be invited first (token empty) and nothing runs then. */
err there_start(struct there *t, struct str from, struct str token, bool *joined);

/* What promote says there. */
err there_promote(struct there *t, struct buf *said);

/* The last line of the log. */
err there_log(struct there *t, struct str *line);

#endif
