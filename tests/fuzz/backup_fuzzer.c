/* wire/backup: no manifest, list, key file, head or rule crashes a reader; what is read and written again is the same text. */
#include "fuzz.h"
#include "wire/backup.h"

static void check_manifest(struct arena *a, struct str in) {
	struct backup_manifest m;
	BUF_AUTO again = {0};
	size_t at;
	bool read = backup_manifest_read(a, in, &m, &at);
	must(at <= in.n);
	if (!read)
		return;
	backup_manifest_write(&again, &m);
	must(str_eq(buf_str(&again), in));
}

static void check_blobs(struct str in) {
	BUF_AUTO again = {0};
	struct backup_blob blob;
	struct str rest = in;
	bool bad;
	while (backup_blob_next(&rest, &blob, &bad))
		backup_blob_write(&again, &blob);
	must(str_eq(buf_str(&again), str_first(in, in.n - rest.n)));
	must(bad == (rest.n > 0));
}

static void check_small(struct str in) {
	unsigned char key[BACKUP_KEY], check[BACKUP_CHECK], head[BACKUP_HEAD];
	struct backup_head h;
	struct backup_keep keep;
	struct str rest;
	size_t at;
	if (backup_key_read(in, key, check)) {
		BUF_AUTO again = {0};
		backup_key_write(&again, key, check);
		unsigned char key2[BACKUP_KEY], check2[BACKUP_CHECK];
		must(backup_key_read(buf_str(&again), key2, check2) && !memcmp(key, key2, sizeof key));
	}
	if (backup_head_read(in, &h, &rest)) {
		backup_head_write(head, &h);
		must(!memcmp(head, in.p, sizeof head) && rest.n == in.n - BACKUP_HEAD);
	}
	if (!backup_keep_read(in, &keep, &at))
		must(at <= in.n);
	else
		must(keep.log_ms >= 0 && keep.daily >= 0 && keep.weekly >= 0 && keep.monthly >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n);
	struct arena *a = arena_new();
	check_manifest(a, in);
	check_blobs(in);
	check_small(in);
	arena_free(&a);
	return 0;
}
