#include "blob/store.h"

#include "base/small_file.h"
#include "blob/files.h"
#include "blob/s3.h"

err blob_store_keys(struct arena *a, struct str file, struct str *key, struct str *secret) {
	char text[1024];
	ssize_t n = small_file_read(arena_str(a, file).p, text, sizeof text);
	if (n < 0)
		return err_public(ERR_INVALID, "the file with the store's keys cannot be read: %.*s", S_ARG(file));
	struct str rest = {text, (size_t)n};
	*key = arena_str(a, str_trim(str_cut(&rest, '\n')));
	*secret = arena_str(a, str_trim(str_cut(&rest, '\n')));
	explicit_bzero(text, sizeof text);
	return NULL;
}

err blob_store_open(struct blobs **out, struct str address, const struct store_means *means) {
	if (str_starts(address, S("files:")) && address.n > 6)
		return blob_files_open(out, str_skip(address, 6), means->site_secret);
	if (str_starts(address, S("s3://")))
		return blob_s3_open(out, address, means);
	return err_public(ERR_INVALID, "%.*s is no store: files:DIR or s3://HOST/BUCKET?region=…", S_ARG(address));
}
