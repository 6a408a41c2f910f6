/* What the files of the standby share: its state and how it asks its origin. */
#ifndef MOVE_STANDBY_INSIDE_H
#define MOVE_STANDBY_INSIDE_H

#include "base/blob_name.h"
#include "base/buf.h"
#include "base/vec.h"
#include "core/secret.h"
#include "move/standby.h"
#include "net/fetch.h"
#include "store/image.h"
#include "wire/copy_stream.h"

#include <pthread.h>

/* Keys of local_state. */
#define STANDBY_FROM "standby.from"
#define STANDBY_KEY "standby.key"
#define STANDBY_LOADED "standby.loaded"   /* "yes" once all rows are here, "whole" once what was changed meanwhile is too */
#define STANDBY_PLACE "standby.place"     /* while it loads: TABLE KEY */
#define STANDBY_CURSOR "standby.cursor"   /* XID SEQ of the origin's journal */
#define STANDBY_THROUGH "standby.through" /* see standby_state; then how much the origin's clock is ahead of ours (ms) */
#define STANDBY_COLUMNS "standby.columns" /* the origin's tables: a line of copy_stream each */

/* An origin and what it is asked with. */
struct origin {
	struct str url, key, ca_file;
	struct str epoch;          /* a header more; may be empty */
	const _Atomic bool *leave; /* once it is true no answer is waited for; may be NULL */
	char proof[SECRET_HASH];
	struct fetcher *fetcher;
	/* Bytes, about, that an answer may hold: what the link carried in a second, unpacked. link_ask's, not link_blob's. */
	size_t portion;
};

/* A document from the origin, proven. */
struct answer {
	struct fetch x;
	struct str lines;
};
void answer_free(struct answer *a);
#define ANSWER_AUTO __attribute__((cleanup(answer_free))) struct answer

/* The strings are not copied. */
void link_fill(struct origin *o, const struct config *config, struct str url, struct str key);
/* With a token for its key: gets the key. */
err link_join(struct origin *o, struct arena *a, struct str *key);
/* ERR_INVALID for what is no address of a network, or plain HTTP to another machine. */
err standby_check_url(struct str url);

/* method and target as in the request line. An err tells what the origin said. Between two answers each side hears of the other, so the
 * next portion is what would take about a second. One thread at a time. */
err link_ask(struct origin *o, const char *method, struct str target, struct answer *out);
/* The bytes of a blob go into sink. Any thread. ERR_NOT_FOUND: the origin has none. */
err link_blob(const struct origin *o, struct str target, fetch_sink sink, void *ctx);

struct blob_names {
	struct blob_name *v;
	size_t n, cap;
};

enum wanted { WANT_NOTHING, WANT_PLANNED, WANT_FORCED };

struct standby {
	struct site *site;
	struct origin origin;
	struct db *db;
	struct arena *kept, *arena; /* for good; of one step */
	pthread_t thread, media_thread;
	bool media_started;
	standby_heard heard;
	void *heard_ctx;
	bool told; /* them, that it is readable */

	/* The following thread's. */
	struct image_table *tables; /* as the origin has them */
	size_t tables_n;
	int64_t schema; /* they are of */
	int64_t xid, seq;
	int64_t kept_through_at;       /* monotonic ms, when `through` was written last */
	struct comparison *comparison; /* while the journal does not reach back to what is here */

	pthread_mutex_t lock; /* of all below */
	pthread_cond_t changed;
	struct standby_state state;
	bool whole, named;        /* what readable means */
	int64_t lag_then, lag_at; /* the lag at that time (monotonic ms); 0: not known */
	int64_t heard_at;         /* monotonic ms, when the origin answered last; 0: never */
	_Atomic bool stop;
	_Atomic bool leave; /* nothing is asked of the origin any more: it stops, or opens without it */
	enum wanted wanted;
	bool answered; /* what was wanted is done, or failed with `failed` */
	bool has_failed;
	struct err failed;
	struct blob_names fetch; /* blobs that came with entries */
	bool media_pass;         /* all names are to be looked at once more */
	bool media_busy;
	int64_t media_whole_at; /* monotonic ms, when all media were here last */
};

/* What one step did. */
struct step {
	size_t n;  /* entries that were taken in */
	bool more; /* are there, or it does not follow yet */
};

/* standby_load.c: one step each; they return soon. */
err standby_read_place(struct standby *s);
err standby_load(struct standby *s);
/* wait: ms that the origin may wait for an entry; 0: this copy is about to take over. */
err standby_follow(struct standby *s, int64_t wait, struct step *out);

/* With the lock. */
static inline void standby_note_readable(struct standby *s) { s->state.readable = s->whole && s->named; }

/* Asks where the origin's journal ends and what tables it has, which become s->tables. *answer's lines are those tables. */
err standby_ask_start(struct standby *s, struct answer *answer, int64_t head[COPY_STREAM_NUMBERS]);

/* How old an answer's AT is, at most: the clocks of two machines are not compared. What it took and the origin had not was the way. */
struct answer_age {
	int64_t at, lag; /* monotonic ms, when it came; ms since AT then */
	int64_t ahead;   /* the origin's clock, of ours (ms) */
};
/* asked: monotonic ms. */
struct answer_age standby_age_of(const int64_t head[COPY_STREAM_NUMBERS], int64_t asked);
/* Inside a transaction. */
err standby_keep_through(struct db *db, struct arena *a, const int64_t head[COPY_STREAM_NUMBERS], const struct answer_age *age);
/* With the lock. */
void standby_note_age(struct standby *s, const struct answer_age *age);

struct str standby_cursor_text(struct arena *a, int64_t xid, int64_t seq);
err standby_bad_line(const char *what, int number);

/* standby_compare.c: from now on, and one step of it. At its end the copy follows again. */
void standby_compare_begin(struct standby *s, const char *why);
err standby_compare(struct standby *s);
void standby_compare_drop(struct standby *s);

/* standby_media.c */
void *standby_media_main(void *arg);

#endif
