#include "move/vault.h"

#include "base/id.h"
#include "base/must.h"
#include "base/small_file.h"
#include "base/vec.h"
#include "blob/s3.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

enum { ZSTD_LEVEL = 3, HEAD_OBJECT = 4 + 16 + 16 + 32, SEALED_MAX = BACKUP_OBJECT_MAX + 64 * 1024 };

struct vault {
	struct blobs *store;
	struct backup_keys keys;
	char id[33];
};

const struct backup_keys *vault_keys(const struct vault *v) { return &v->keys; }
struct blobs *vault_store(const struct vault *v) {
	return v->store;
}
struct str vault_id(const struct vault *v) {
	return str_of(v->id);
}

static struct str hex_of(struct arena *a, const struct blob_name *n) {
	BUF_AUTO b = {0};
	buf_hex(&b, blob_name_str(n));
	return arena_str(a, buf_str(&b));
}

static void derive(unsigned char *out, size_t n, uint64_t id, const unsigned char *key) {
	must(crypto_kdf_derive_from_key(out, n, id, "fhbackup", key) == 0);
}

/* ── the key ── */

static void check_of(const unsigned char key[BACKUP_KEY], unsigned char check[BACKUP_CHECK]) {
	unsigned char sum[crypto_kdf_BYTES_MIN];
	derive(sum, sizeof sum, 1, key);
	memcpy(check, sum, BACKUP_CHECK);
}

static err write_file(struct str file, struct str text) {
	int fd = open(file.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return errno == EEXIST ? err_public(ERR_CONFLICT, "there is a file %s: it is left as it is", file.p)
		                       : err_public(ERR_UNAVAILABLE, "%s cannot be made: %s", file.p, strerror(errno));
	bool written = write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
	int why = errno;
	close(fd);
	if (written)
		return NULL;
	unlink(file.p);
	return err_public(ERR_UNAVAILABLE, "%s cannot be written: %s", file.p, strerror(why));
}

err backup_key_make(struct str file) {
	unsigned char key[BACKUP_KEY], check[BACKUP_CHECK];
	must(sodium_init() >= 0);
	crypto_kdf_keygen(key);
	check_of(key, check);
	BUF_AUTO text = {0};
	backup_key_write(&text, key, check);
	err e = write_file(file, buf_str(&text));
	explicit_bzero(text.p, text.n);
	explicit_bzero(key, sizeof key);
	return e;
}

err backup_keys_read(struct arena *a, struct str file, struct backup_keys *out) {
	char text[512];
	unsigned char key[BACKUP_KEY], check[BACKUP_CHECK], right[BACKUP_CHECK];
	must(sodium_init() >= 0);
	ssize_t n = small_file_read(arena_str(a, file).p, text, sizeof text);
	if (n < 0)
		return err_public(ERR_INVALID, "the key file %.*s cannot be read: %s", S_ARG(file), strerror(errno));
	if (!backup_key_read((struct str){text, (size_t)n}, key, check))
		return err_public(ERR_INVALID, "%.*s is no key file: `freehold backup key FILE` makes one", S_ARG(file));
	check_of(key, right);
	derive(out->name, sizeof out->name, 2, key);
	derive(out->seal, sizeof out->seal, 3, key);
	derive(out->id, sizeof out->id, 4, key);
	derive(out->cut, sizeof out->cut, 5, key);
	derive(out->sum, sizeof out->sum, 6, key);
	derive(out->manifests, sizeof out->manifests, 7, key);
	derive(out->logs, sizeof out->logs, 8, key);
	explicit_bzero(text, sizeof text);
	explicit_bzero(key, sizeof key);
	if (memcmp(check, right, sizeof check) != 0)
		return err_public(ERR_INVALID, "the key file %.*s is damaged: a digit is wrong", S_ARG(file));
	return NULL;
}

/* ── sealing ── */

/* What the seal covers besides what is in it: where it is, and what it says of itself. */
static void bind_to(unsigned char out[BLOB_NAME + BACKUP_HEAD], const struct blob_name *name, const unsigned char head[BACKUP_HEAD]) {
	memcpy(out, name->b, BLOB_NAME);
	memcpy(out + BLOB_NAME, head, BACKUP_HEAD);
}

static void seal(const struct vault *v, const struct blob_name *name, struct str plain, struct buf *out) {
	unsigned char nonce[BACKUP_NONCE], head[BACKUP_HEAD], bound[BLOB_NAME + BACKUP_HEAD];
	size_t bound_max = ZSTD_compressBound(plain.n);
	char *packed = xmalloc(bound_max ? bound_max : 1);
	size_t n = ZSTD_compress(packed, bound_max, plain.p, plain.n, ZSTD_LEVEL);
	bool smaller = !ZSTD_isError(n) && n < plain.n;
	struct str inside = smaller ? (struct str){packed, n} : plain;
	unsigned long long length;
	random_bytes(nonce, sizeof nonce);
	backup_head_write(head, &(struct backup_head){smaller, (uint32_t)plain.n, nonce});
	bind_to(bound, name, head);
	buf_put(out, str_mem(head, sizeof head));
	buf_reserve(out, inside.n + crypto_aead_xchacha20poly1305_ietf_ABYTES);
	must(crypto_aead_xchacha20poly1305_ietf_encrypt((unsigned char *)out->p + out->n, &length, (const unsigned char *)inside.p,
	                                                inside.n, bound, sizeof bound, NULL, nonce, v->keys.seal) == 0);
	out->n += length;
	free(packed);
}

/* What the seal holds is ours: only then is it unpacked. */
static bool unseal(struct arena *a, const struct vault *v, const struct blob_name *name, struct str object, struct str *plain) {
	struct backup_head h;
	struct str sealed;
	unsigned char bound[BLOB_NAME + BACKUP_HEAD];
	unsigned long long n;
	if (!backup_head_read(object, &h, &sealed) || sealed.n < crypto_aead_xchacha20poly1305_ietf_ABYTES)
		return false;
	bind_to(bound, name, (const unsigned char *)object.p);
	unsigned char *inside = arena_alloc(a, sealed.n);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(inside, &n, NULL, (const unsigned char *)sealed.p, sealed.n, bound, sizeof bound,
	                                               h.nonce, v->keys.seal) != 0)
		return false;
	*plain = str_mem(inside, n);
	if (!h.packed)
		return n == h.size;
	char *unpacked = arena_alloc(a, h.size ? h.size : 1);
	*plain = str_mem(unpacked, h.size);
	return ZSTD_decompress(unpacked, h.size, inside, n) == h.size;
}

/* ── objects ── */

static err gather(void *ctx, struct str bytes) {
	struct buf *b = ctx;
	if (b->n + bytes.n > SEALED_MAX)
		return err_plain(ERR_STORE);
	buf_put(b, bytes);
	return NULL;
}

static err damaged(struct arena *a, const struct blob_name *name, const char *what, const char *how) {
	return err_public(ERR_STORE, "the backup is damaged: the object %.*s (%s) %s", S_ARG(hex_of(a, name)), what, how);
}

static err get_object(struct arena *a, struct vault *v, const struct blob_name *name, const char *what, struct buf *out) {
	err e = blob_read(v->store, name, 0, -1, gather, out);
	if (e && e->code == ERR_NOT_FOUND)
		return damaged(a, name, what, "is missing");
	return e && e->code == ERR_STORE ? damaged(a, name, what, "was changed or cut short") : e;
}

static err get_plain(struct arena *a, struct vault *v, const struct blob_name *name, const char *what, struct str *out,
                     struct blob_name *hash) {
	BUF_AUTO object = {0};
	TRY(get_object(a, v, name, what, &object));
	if (hash)
		crypto_generichash(hash->b, BLOB_NAME, (const unsigned char *)object.p, object.n, NULL, 0);
	return unseal(a, v, name, buf_str(&object), out) ? NULL : damaged(a, name, what, "was changed or cut short");
}

/* Sends and reads back. */
static err put_object(struct arena *a, struct vault *v, const struct blob_name *name, struct str object, bool loose) {
	BUF_AUTO back = {0};
	TRY(blob_put_content(v->store, name,
	                     &(struct blob_content){.bytes = object, .fd = -1, .size = (int64_t)object.n, .loose = loose, .absent = true}));
	TRY(get_object(a, v, name, "just sent", &back));
	return str_eq(buf_str(&back), object) ? NULL : damaged(a, name, "just sent", "came back as something else");
}

/* ── the head ── */

void vault_head_name(struct blob_name *out) {
	static const char text[] = "freehold backup head";
	crypto_generichash(out->b, BLOB_NAME, (const unsigned char *)text, sizeof text - 1, NULL, 0);
}

/* "FHB1", the key's id, the place's id, and a keyed hash of these. */
static void head_proof(const struct vault *v, const char object[HEAD_OBJECT], unsigned char out[32]) {
	crypto_generichash(out, 32, (const unsigned char *)object, HEAD_OBJECT - 32, v->keys.name, sizeof v->keys.name);
}

static void take_id(struct vault *v, const char object[HEAD_OBJECT]) {
	sodium_bin2hex(v->id, sizeof v->id, (const unsigned char *)object + 20, 16);
}

static err read_head(struct vault *v, struct str place, struct str object) {
	unsigned char proof[32];
	if (object.n != HEAD_OBJECT || !str_starts(object, S("FHB1")))
		return err_public(ERR_STORE, "the head of the backup in %.*s was changed or cut short", S_ARG(place));
	if (memcmp(object.p + 4, v->keys.id, sizeof v->keys.id) != 0)
		return err_public(ERR_FORBIDDEN, "wrong key: the backup in %.*s was made with another one", S_ARG(place));
	head_proof(v, object.p, proof);
	if (memcmp(object.p + HEAD_OBJECT - 32, proof, sizeof proof) != 0)
		return err_public(ERR_STORE, "the head of the backup in %.*s was changed or cut short", S_ARG(place));
	take_id(v, object.p);
	return NULL;
}

static err make_head(struct arena *a, struct vault *v) {
	char object[HEAD_OBJECT];
	struct blob_name name;
	memcpy(object, "FHB1", 4);
	memcpy(object + 4, v->keys.id, 16);
	random_bytes(object + 20, 16);
	head_proof(v, object, (unsigned char *)object + HEAD_OBJECT - 32);
	vault_head_name(&name);
	TRY(put_object(a, v, &name, str_mem(object, sizeof object), false));
	take_id(v, object);
	return NULL;
}

static err open_head(struct arena *a, struct vault *v, struct str place, bool make) {
	struct blob_name name;
	BUF_AUTO object = {0};
	vault_head_name(&name);
	err e = blob_read(v->store, &name, 0, -1, gather, &object);
	if (!e)
		return read_head(v, place, buf_str(&object));
	if (e->code != ERR_NOT_FOUND)
		return e;
	return make ? make_head(a, v) : err_public(ERR_NOT_FOUND, "there is no backup in %.*s", S_ARG(place));
}

/* A folder may be named as people do; without `make` none is made where there is nothing. */
static err open_place(struct arena *a, struct vault *v, struct str place, const struct store_means *means, bool make) {
	struct store_means own = *means;
	own.site_secret = NULL; /* names are made with another */
	bool s3 = str_starts(place, S("s3://"));
	struct str dir = str_starts(place, S("files:")) ? str_skip(place, 6) : place;
	struct str address = s3 ? place : arena_printf(a, "files:%.*s", S_ARG(dir));
	if (!s3 && !make && access(arena_str(a, dir).p, F_OK) != 0)
		return err_public(ERR_NOT_FOUND, "there is no backup in %.*s", S_ARG(place));
	TRY(blob_store_open(&v->store, address, &own));
	return blob_s3_probe(v->store);
}

err vault_open(struct vault **out, struct str place, const struct store_means *means, const struct backup_keys *keys, bool make) {
	struct vault *v = xcalloc(1, sizeof *v);
	struct arena *a = arena_new();
	v->keys = *keys;
	err e = open_place(a, v, place, means, make);
	if (!e)
		e = open_head(a, v, place, make);
	arena_free(&a);
	*out = v;
	if (e)
		vault_close(out);
	return e;
}

void vault_close(struct vault **v) {
	if (!*v)
		return;
	blob_close(&(*v)->store);
	explicit_bzero(*v, sizeof **v);
	free(*v);
	*v = NULL;
}

/* ── chunks ── */

void vault_name(const struct vault *v, struct str plain, struct blob_name *out) {
	crypto_generichash(out->b, BLOB_NAME, (const unsigned char *)plain.p, plain.n, v->keys.name, sizeof v->keys.name);
}

/* What is there, left by a backup that was cut off, was perhaps never read back. */
static err proven(struct arena *a, struct vault *v, const struct blob_name *name, bool *out) {
	struct str plain;
	int64_t size;
	TRY(v->store->ops->look(v->store, name, out, &size));
	if (!*out)
		return NULL;
	err e = vault_get(a, v, name, "found there", &plain);
	*out = !e;
	if (!e || e->code != ERR_STORE)
		return e;
	return blob_drop(v->store, name);
}

static err put_chunk(struct arena *a, struct vault *v, struct str plain, const struct blob_name *name, struct vault_counts *counts) {
	bool there;
	BUF_AUTO object = {0};
	TRY(proven(a, v, name, &there));
	if (there) {
		counts->there++;
		return NULL;
	}
	seal(v, name, plain, &object);
	TRY(put_object(a, v, name, buf_str(&object), true));
	counts->sent++;
	counts->sent_bytes += (int64_t)object.n;
	return NULL;
}

err vault_put(struct vault *v, struct str plain, const struct blob_name *name, struct vault_counts *counts) {
	must(plain.n <= VAULT_CHUNK_MAX);
	struct arena *a = arena_new();
	err e = put_chunk(a, v, plain, name, counts);
	arena_free(&a);
	return e;
}

err vault_settle(struct vault *v) { return blob_settle(v->store); }

err vault_get(struct arena *a, struct vault *v, const struct blob_name *name, const char *what, struct str *out) {
	struct blob_name right;
	TRY(get_plain(a, v, name, what, out, NULL));
	vault_name(v, *out, &right);
	return memcmp(right.b, name->b, BLOB_NAME) == 0 ? NULL : damaged(a, name, what, "does not hold what its name says");
}

/* ── numbered objects: manifests and segments of the log ── */

static void number_name(const unsigned char begin[24], int64_t number, struct blob_name *out) {
	memcpy(out->b, begin, 24);
	for (int i = 0; i < 8; i++)
		out->b[24 + i] = (unsigned char)((uint64_t)number >> (56 - 8 * i));
}

static bool is_number(const unsigned char begin[24], const struct blob_name *name, int64_t *number) {
	uint64_t n = 0;
	for (int i = 24; i < BLOB_NAME; i++)
		n = n << 8 | name->b[i];
	*number = (int64_t)(n & INT64_MAX);
	return memcmp(name->b, begin, 24) == 0 && n > 0 && n <= INT64_MAX;
}

struct numbers {
	struct arena *a;
	const unsigned char *begin;
	VEC(struct vault_segment) found;
	bool past;
};

/* They stand together: what comes after the last ends the listing. */
static err see_number(void *ctx, const struct blob_item *item) {
	struct numbers *s = ctx;
	struct vault_segment one = {.at = item->at};
	s->past = !is_number(s->begin, &item->name, &one.number);
	if (s->past)
		return err_plain(ERR_RANGE);
	vec_push(s->a, &s->found, one);
	return NULL;
}

static err list_numbers(struct vault *v, struct numbers *s) {
	struct blob_name first;
	number_name(s->begin, 0, &first);
	err e = blob_list(v->store, &first, see_number, s);
	return e && !s->past ? e : NULL;
}

/* On stable storage and read back. */
static err put_number(struct arena *a, struct vault *v, const struct blob_name *name, struct str plain, const char *taken,
                      struct blob_name *hash) {
	BUF_AUTO object = {0};
	bool there;
	TRY(blob_has(v->store, name, &there));
	if (there)
		return err_public(ERR_CONFLICT, "somebody else has just put %s into this place", taken);
	if (plain.n > BACKUP_OBJECT_MAX)
		return err_public(ERR_TOO_LARGE, "the backup's object would be too long");
	seal(v, name, plain, &object);
	crypto_generichash(hash->b, BLOB_NAME, (const unsigned char *)object.p, object.n, NULL, 0);
	return put_object(a, v, name, buf_str(&object), false);
}

/* ── manifests ── */

void vault_manifest_name(const struct vault *v, int64_t number, struct blob_name *out) { number_name(v->keys.manifests, number, out); }

bool vault_is_manifest(const struct vault *v, const struct blob_name *name, int64_t *number) {
	return is_number(v->keys.manifests, name, number);
}

err vault_numbers(struct arena *a, struct vault *v, int64_t **out, size_t *n) {
	struct numbers s = {.a = a, .begin = v->keys.manifests};
	TRY(list_numbers(v, &s));
	*out = arena_many(a, int64_t, s.found.n + 1);
	*n = s.found.n;
	for (size_t i = 0; i < s.found.n; i++)
		(*out)[i] = s.found.v[i].number;
	return NULL;
}

err vault_manifest(struct arena *a, struct vault *v, int64_t number, struct backup_manifest *out, struct blob_name *hash) {
	struct blob_name name;
	struct str plain, what = arena_printf(a, "manifest %lld", (long long)number);
	size_t at;
	vault_manifest_name(v, number, &name);
	TRY(get_plain(a, v, &name, what.p, &plain, hash));
	if (!backup_manifest_read(a, plain, out, &at) || out->number != number)
		return err_public(ERR_INVALID, "manifest %lld of the backup is of a form that is not known here: use a newer freehold",
		                  (long long)number);
	return NULL;
}

err vault_put_manifest(struct vault *v, const struct backup_manifest *m, struct blob_name *hash) {
	struct arena *a = arena_new();
	struct blob_name name;
	BUF_AUTO text = {0};
	vault_manifest_name(v, m->number, &name);
	backup_manifest_write(&text, m);
	err e = put_number(a, v, &name, buf_str(&text), "a backup", hash);
	arena_free(&a);
	return e;
}

/* ── segments of the log ── */

void vault_segment_name(const struct vault *v, int64_t number, struct blob_name *out) { number_name(v->keys.logs, number, out); }

bool vault_is_segment(const struct vault *v, const struct blob_name *name) {
	int64_t number;
	return is_number(v->keys.logs, name, &number);
}

err vault_segments(struct arena *a, struct vault *v, struct vault_segment **out, size_t *n) {
	struct numbers s = {.a = a, .begin = v->keys.logs};
	TRY(list_numbers(v, &s));
	*out = s.found.v;
	*n = s.found.n;
	return NULL;
}

err vault_segment(struct arena *a, struct vault *v, int64_t number, struct str *out, struct blob_name *hash) {
	struct blob_name name;
	struct str what = arena_printf(a, "segment %lld of the log", (long long)number);
	vault_segment_name(v, number, &name);
	return get_plain(a, v, &name, what.p, out, hash);
}

err vault_put_segment(struct vault *v, int64_t number, struct str text, struct blob_name *hash) {
	struct arena *a = arena_new();
	struct blob_name name;
	vault_segment_name(v, number, &name);
	err e = put_number(a, v, &name, text, "a segment of the log", hash);
	arena_free(&a);
	return e;
}
