/* Attachments, avatars, headers and emoji: the media table, and how often each blob is named (the blob table).
 *
 * A media's key is its public file name: 128 random bits and the ending of its type ("9f…c2.jpg"); its address is BASE/media/KEY, of
 * an older one's preview BASE/media/ the bits and ".small.webp". The row going is the address going. Bytes whose last row went wait in the
 * blob table with no uses until core/media.h sweeps them. Reads take the arena the texts live in; writes only inside tx_run. */
#ifndef STORE_MEDIA_H
#define STORE_MEDIA_H

#include "base/blob_name.h"
#include "store/tx.h"

/* Stored: never renumbered. The SQL knows attachments as kinds below 16. */
enum media_kind { MEDIA_IMAGE, MEDIA_VIDEO, MEDIA_GIFV, MEDIA_AUDIO, MEDIA_AVATAR = 16, MEDIA_HEADER, MEDIA_EMOJI };

/* A film or a sound: made of files (store/media_file.h), by a job. */
static inline bool media_is_film(enum media_kind k) { return k >= MEDIA_VIDEO && k <= MEDIA_AUDIO; }

/* Stored. A picture is ready from the start. */
enum media_state { MEDIA_READY, MEDIA_WAITING, MEDIA_WORKING, MEDIA_FAILED };

#define MEDIA_SWEEP "media.sweep"
#define MEDIA_FILM "media.film" /* a: the attachment */

enum { MEDIA_HASH_MAX = 48, MEDIA_CODECS_MAX = 64, MEDIA_RATE_MAX = 24 };

/* One of a film's renditions: NAME.mp4 with its playlist NAME.m3u8, where NAME is its short side, or "audio". */
struct media_rendition {
	int name; /* 0: "audio" */
	int width, height;
	int64_t peak, average; /* bits a second */
	char codecs[MEDIA_CODECS_MAX];
};

/* captions-LANGUAGE.vtt. */
struct media_caption {
	struct str language, label;
};

/* One of a picture's files (store/media_file.h) besides its main one. */
struct media_size {
	struct str name; /* "feed.webp" */
	int width, height;
};

/* "image/webp", by the name's ending. */
struct str media_size_type(const struct media_size *s);

/* What is there of a film besides its renditions. */
enum { MEDIA_HAS_POSTER = 1, MEDIA_HAS_STORYBOARD = 2, MEDIA_HAS_FALLBACK = 4 };

struct media {
	int64_t id;
	int64_t account_id; /* 0: the network's own (emoji) */
	int64_t status_id;  /* 0: not attached */
	int position;       /* among the attachments of its post, from 0 */
	enum media_kind kind;
	struct str key, type;
	struct blob_name blob, preview;
	bool has_preview; /* of a picture taken before there were sizes */
	bool has_blob;    /* false: a film, which is made of files alone */
	int64_t size;     /* of all its blobs and files, bytes */
	enum media_state state;
	int percent; /* of what is to be made */
	struct str stage, error;
	struct blob_name source; /* as it was uploaded: never served */
	bool has_source;
	int64_t source_size;
	int width, height, small_width, small_height;
	double focus_x, focus_y;       /* -1 to 1, 0 is the middle */
	char blurhash[MEDIA_HASH_MAX]; /* NUL-terminated; empty: none */
	struct str description;
	struct media_size *sizes; /* of pictures, largest first */
	size_t size_count;
	/* Of films. */
	double seconds;
	char rate[MEDIA_RATE_MAX];          /* pictures a second, as "30000/1001"; empty: none */
	int has;                            /* MEDIA_HAS_… */
	struct media_rendition *renditions; /* ascending */
	size_t rendition_count;
	struct media_caption *captions; /* by language */
	size_t caption_count;
};

err store_media_by_id(struct arena *a, struct db *db, int64_t id, struct media *out, bool *found);
err store_media_by_key(struct arena *a, struct db *db, struct str key, struct media *out, bool *found);
/* In their order. */
err store_media_of_status(struct arena *a, struct db *db, int64_t status, struct media **out, size_t *n);
/* Bytes an account holds. */
err store_media_usage(struct db *db, int64_t account, int64_t *bytes);
/* Bytes all media hold. Walks them all. */
err store_media_total(struct db *db, int64_t *bytes);
/* What may be read under a key by anybody: false too when its account is gone or suspended. */
err store_media_served(struct arena *a, struct db *db, struct str key, struct media *out, bool *found);

/* Inserts the row and counts its blobs' uses. ERR_CONFLICT while one of the blobs is just being removed: put it and try again. */
err store_media_insert(struct tx *tx, const struct media *m);
/* Sets description and focus. */
err store_media_update(struct tx *tx, const struct media *m);
/* Sets state, stage, percent and error. */
err store_media_progress(struct tx *tx, const struct media *m);
/* Sets the kind and what is known of it: sizes, blurhash. */
err store_media_become(struct tx *tx, const struct media *m);
/* The source goes, if there is one. */
err store_media_source_drop(struct tx *tx, const struct media *m);
/* Gives an attachment of that account, loose or attached to this very post, to the post; *done false when there is no such one. */
err store_media_attach(struct tx *tx, int64_t id, int64_t account, int64_t status, int position, bool *done);
/* Takes all attachments but `stay` off a post that is edited or deleted. They get new keys, so that their old addresses are dead
 * at once, and stay for a day as if just uploaded ("delete and redraft"). */
err store_media_release(struct tx *tx, int64_t status, const int64_t *stay, size_t n);

/* Rows go, addresses die, blobs lose a use. Dropping what is not there succeeds. */
err store_media_drop(struct tx *tx, int64_t id);
err store_media_drop_key(struct tx *tx, struct str key);
err store_media_drop_of_account(struct tx *tx, int64_t account);

/* Ids of attachments that no post has had for a day. */
err store_media_loose(struct arena *a, struct db *db, int limit, int64_t **ids, size_t *n);

/* What was just left without a use is looked for. */
err store_media_sweep_soon(struct tx *tx);

/* A new public key for a type's ending ("jpg"). */
struct str store_media_key(struct arena *a, struct str ending);

/* One use more; ERR_CONFLICT while the blob is just being removed. One use less. */
err store_blob_use(struct tx *tx, const struct blob_name *name, int64_t size);
err store_blob_unuse(struct tx *tx, const struct blob_name *name);

/* A blob whose bytes are about to be put, for a use that comes after: so a sweep finds them if it never comes. */
err store_blob_expect(struct tx *tx, const struct blob_name *name, int64_t size);

/* Blobs nobody names; claimed: no use can be counted until it is forgotten. */
err store_blob_unused(struct arena *a, struct db *db, int limit, struct blob_name **out, size_t *n);
err store_blob_claim(struct tx *tx, const struct blob_name *name, bool *claimed);
err store_blob_forget(struct tx *tx, const struct blob_name *name);

/* The names that have a row among those from first to last, in their order. */
err store_blob_between(struct arena *a, struct db *db, const struct blob_name *first, const struct blob_name *last, struct blob_name **out,
                       size_t *n);
/* Gives bytes without a row one that says nobody uses them; a row that came meanwhile stays. Then sweep. */
err store_blob_adopt(struct tx *tx, const struct blob_name *name, int64_t size);
err store_media_sweep(struct tx *tx);
/* The lease of whoever copies the blobs a snapshot names: while it is held, none is removed. */
#define MEDIA_HELD "media.held"
/* The sweep comes in a minute. */
err store_media_sweep_later(struct tx *tx);

/* ── for looking whether all is there ── */

/* At most `limit` names of blobs in use after one (NULL: from the first), in their order. */
err store_blob_page(struct arena *a, struct db *db, const struct blob_name *after, int limit, struct blob_name **out, size_t *n);
/* What people look at first: the bytes of emoji, of avatars and headers, of media at all, each the newest first. */
enum blobs_order { BLOBS_EMOJI, BLOBS_FACES, BLOBS_MEDIA, BLOBS_ORDERS };
/* The names in use by at most `limit` of what such an order goes through, below *place (INT64_MAX: from the newest), which becomes where to
 * go on; 0: nothing is left. A name may come more than once. */
err store_blobs_newest(struct arena *a, struct db *db, enum blobs_order order, int limit, int64_t *place, struct blob_name **out,
                       size_t *n);
/* *known: a row knows it, in use or not; *used: somebody names it. */
err store_blob_state(struct db *db, const struct blob_name *name, bool *known, bool *used);
/* "KEY of @USERNAME" for at most ten of the media that name it. Walks all media. */
err store_blob_media(struct arena *a, struct db *db, const struct blob_name *name, struct str **out, size_t *n);

#endif
