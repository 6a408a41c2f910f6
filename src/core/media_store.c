#include "core/media_store.h"

#include "config/config.h"

err media_serving_read(struct site *site) {
	struct str how = config_text(site->config, SET_media_serve), url = str_skip(how, 7);
	site->serving = SERVE_THROUGH;
	if (str_eq(how, S("through")))
		return NULL;
	site->serving = SERVE_PRESIGNED;
	if (str_eq(how, S("presigned")))
		return NULL;
	site->serving = SERVE_PUBLIC;
	while (str_ends(url, S("/")))
		url.n--;
	site->public_media = url;
	if (str_starts(how, S("public:http://")) || str_starts(how, S("public:https://")))
		return NULL;
	return err_public(ERR_INVALID, "media.serve must be through, presigned or public:URL, not \"%.*s\"", S_ARG(how));
}

err media_store_means(struct arena *a, const struct site *site, bool has_secret, struct store_means *out) {
	const struct config *config = site->config;
	*out = (struct store_means){
	    .key = config_text(config, SET_media_s3_key),
	    .secret = config_text(config, SET_media_s3_secret),
	    .site_secret = has_secret ? site->secret : NULL,
	    .spool_dir = site->data_dir,
	    .free_floor = config_number(config, SET_media_free_floor),
	};
	struct str file = config_text(config, SET_media_s3_keys_file);
	return file.n ? blob_store_keys(a, file, &out->key, &out->secret) : NULL;
}

static err open_store(struct arena *a, struct blobs **out, const struct site *site, struct str address, bool has_secret) {
	struct store_means means;
	TRY(media_store_means(a, site, has_secret, &means));
	if (str_starts(address, S("files:")) && !str_starts(address, S("files:/")))
		address = arena_printf(a, "files:%.*s/%.*s", S_ARG(site->data_dir), S_ARG(str_skip(address, 6)));
	return blob_store_open(out, address, &means);
}

err media_store_open(struct blobs **out, const struct site *site, struct str address, bool has_secret) {
	struct arena *a = arena_new();
	err e = open_store(a, out, site, address, has_secret);
	arena_free(&a);
	return e;
}
