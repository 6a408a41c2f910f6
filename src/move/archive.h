/* The portable archive: a whole network in one .tar.zst that any program can read. docs/archive-format.md is its description,
 * docs/archive.schema.json its JSON Schema; what stands here is the least that both sides share.
 *
 *   freehold.json                  the manifest, first
 *   media/NAME                     bytes of pictures and films; NAME is 64 hexadecimal digits, as the rows name them
 *   tables/TABLE/NNNNNN.ndjson     rows, a JSON object a line; with secrets some are …NNNNNN.sealed instead
 *   end.json                       last: how many there were, and the SHA-256 of all before it
 *
 * Export reads one snapshot beside a running network. Import fills an empty network: it reads the archive twice, first to see that all of
 * it is sound, so that nothing is written of one that is not. */
#ifndef MOVE_ARCHIVE_H
#define MOVE_ARCHIVE_H

#include "base/buf.h"
#include "core/ctx.h"
#include "store/image.h"
#include "wire/row.h"

enum { ARCHIVE_VERSION = 1, ARCHIVE_PASSPHRASE_MIN = 12 };

/* What of a table leaves the network. Tables that are not named leave it with secrets only. */
enum archive_class {
	ARCHIVE_OPEN,   /* all of it */
	ARCHIVE_PARTLY, /* with secrets: all, sealed; without: rows and columns that hold none */
	ARCHIVE_SECRET, /* with secrets only, sealed */
	ARCHIVE_NEVER,
};
enum archive_class archive_class_of(struct str table);

/* Numbers that are ids are written as strings: they have up to 63 bits, and many programs read numbers of 53. */
bool archive_is_id(struct str column);

/* Whether a column holds a blob's name. */
bool archive_is_blob(struct str table, struct str column);

/* False: the row stays here, with secrets or without. Without, those are taken out of v, whose order is that of the table's columns. */
bool archive_redact(const struct image_table *t, struct row_value *v, bool with_secrets);

/* A row as a line, and back. ERR_INVALID says what does not fit. */
void archive_line_put(struct buf *out, const struct image_table *t, const struct row_value *v);
err archive_line_read(struct arena *a, const struct image_table *t, struct str line, struct row_value *v);

/* ── sealing ── */

struct archive_key {
	unsigned char salt[16], key[32];
	int64_t operations, memory; /* of Argon2id */
};
/* Salt and cost are set. ERR_UNAVAILABLE when there is not enough memory. */
err archive_key_make(struct archive_key *k, struct str passphrase);
/* The whole of an entry, bound to its name. */
void archive_seal(struct buf *out, const struct archive_key *k, struct str name, struct str bytes);
/* False when it was sealed otherwise, or damaged. */
bool archive_unseal(struct buf *out, const struct archive_key *k, struct str name, struct str sealed);

/* ── the two verbs ── */

struct archive_counts {
	int64_t rows, media, media_bytes, media_missing, file_bytes;
};
struct archive_order {
	struct str file;
	struct str passphrase; /* export: empty leaves secrets here. import: of a sealed archive */
	void (*tell)(void *ctx, const char *doing, const struct archive_counts *now); /* now and then */
	void *ctx;
};

/* c: somebody with a db; the site's blobs are open. ERR_CONFLICT when the file is there. */
err archive_export(struct ctx *c, const struct archive_order *o, struct archive_counts *counts);

/* The site is opened by nobody else. ERR_CONFLICT when somebody is there already, ERR_INVALID names the entry and line that is wrong. */
err archive_import(struct ctx *c, const struct archive_order *o, struct archive_counts *counts);

#endif
