/* A place for backups: sealed objects in a store (blob/blob.h), which may lie with somebody who is not trusted.
 *
 * Everything comes of one key, kept in a file (`freehold backup key FILE`): the names, the seals, where rows are cut. An object is packed
 * (zstd) and sealed with XChaCha20-Poly1305, bound to its name: who has not the key can neither read one, change one nor put one in the
 * place of another. Whoever may check a backup has the key, for without it nothing can be read; so a signature would prove no more
 * than the seal does, and there is none.
 *
 * A chunk's name is the keyed hash of what it holds, so that what did not change is there already. A manifest's name is derived from the
 * key and ends in its number: they stand together in a listing. The place's head says which key it is of.
 *
 * Errors of public kind name the object and what it is of. Calls block; one thread at a time, but for vault_get. */
#ifndef MOVE_VAULT_H
#define MOVE_VAULT_H

#include "base/arena.h"
#include "blob/store.h"
#include "wire/backup.h"

struct backup_keys {
	unsigned char name[32], seal[32], id[16], cut[16], sum[16], manifests[24], logs[24];
};

/* Writes a new key into a file (0600). ERR_CONFLICT when there is a file. */
err backup_key_make(struct str file);
/* ERR_INVALID for a file that cannot be read, is no key or is a damaged one. */
err backup_keys_read(struct arena *a, struct str file, struct backup_keys *out);

struct vault;

/* Opens a place: a folder, "files:DIR" or "s3://…" (blob/store.h). make: one without a head gets one; otherwise it is ERR_NOT_FOUND.
 * ERR_FORBIDDEN: it is of another key. */
err vault_open(struct vault **out, struct str place, const struct store_means *means, const struct backup_keys *keys, bool make);
void vault_close(struct vault **v);
const struct backup_keys *vault_keys(const struct vault *v);
struct blobs *vault_store(const struct vault *v);
/* Names the place among others: 32 hexadecimal digits. */
struct str vault_id(const struct vault *v);

/* ── chunks ── */

enum { VAULT_CHUNK_MAX = 16 * 1024 * 1024 };

void vault_name(const struct vault *v, struct str plain, struct blob_name *out);

struct vault_counts {
	int64_t sent, sent_bytes; /* objects that were not there; as they were sent */
	int64_t there;            /* were there */
};

/* Puts a chunk and reads it back, unless it is there. sure: the caller knows that it is there, by a manifest. Durable after
 * vault_settle. */
err vault_put(struct vault *v, struct str plain, const struct blob_name *name, struct vault_counts *counts);
err vault_settle(struct vault *v);
/* A chunk's bytes, proven. what: "a picture", for the error. Any thread. */
err vault_get(struct arena *a, struct vault *v, const struct blob_name *name, const char *what, struct str *out);

/* ── manifests ── */

/* The numbers that are there, ascending. */
err vault_numbers(struct arena *a, struct vault *v, int64_t **out, size_t *n);
/* hash: of the sealed object, as a successor names it. ERR_NOT_FOUND. */
err vault_manifest(struct arena *a, struct vault *v, int64_t number, struct backup_manifest *out, struct blob_name *hash);
/* Puts the manifest of m->number, on stable storage and read back. ERR_CONFLICT when there is one of this number. */
err vault_put_manifest(struct vault *v, const struct backup_manifest *m, struct blob_name *hash);
void vault_manifest_name(const struct vault *v, int64_t number, struct blob_name *out);
bool vault_is_manifest(const struct vault *v, const struct blob_name *name, int64_t *number);
/* ── segments of the log ── */

/* Their numbers, ascending, and when each was put (ms, as the place says). */
struct vault_segment {
	int64_t number, at;
};
err vault_segments(struct arena *a, struct vault *v, struct vault_segment **out, size_t *n);
/* What is in it, proven to be of this number; hash: of the sealed object. */
err vault_segment(struct arena *a, struct vault *v, int64_t number, struct str *out, struct blob_name *hash);
/* On stable storage and read back. ERR_CONFLICT when there is one of this number. */
err vault_put_segment(struct vault *v, int64_t number, struct str text, struct blob_name *hash);
void vault_segment_name(const struct vault *v, int64_t number, struct blob_name *out);
bool vault_is_segment(const struct vault *v, const struct blob_name *name);

/* The head's name. */
void vault_head_name(struct blob_name *out);

#endif
