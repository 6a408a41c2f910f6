#include "wire/mime.h"

static const struct {
	const char *ext, *type;
} types[] = {
    {"html", "text/html; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"webmanifest", "application/manifest+json"},
    {"svg", "image/svg+xml"},
    {"xml", "application/xml"},
    {"atom", "application/atom+xml"},
    {"txt", "text/plain; charset=utf-8"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"ico", "image/x-icon"},
    {"woff2", "font/woff2"},
    {"wasm", "application/wasm"},
    {"mp4", "video/mp4"},
    {"m4s", "video/iso.segment"},
    {"webm", "video/webm"},
    {"m3u8", "application/vnd.apple.mpegurl"},
    {"ts", "video/mp2t"},
    {"mp3", "audio/mpeg"},
    {"m4a", "audio/mp4"},
    {"ogg", "audio/ogg"},
    {"opus", "audio/ogg"},
    {"wav", "audio/wav"},
    {"pdf", "application/pdf"},
};

const char *mime_of_bytes(struct str bytes) {
	static const struct {
		size_t at;
		struct str mark;
		const char *type;
	} marks[] = {
	    {0, {"\xff\xd8\xff", 3}, "image/jpeg"},
	    {0, {"\x89PNG\r\n", 6}, "image/png"},
	    {0, {"GIF8", 4}, "image/gif"},
	    {8, {"WEBP", 4}, "image/webp"},
	    {4, {"ftypavif", 8}, "image/avif"},
	    {4, {"ftypM4A", 7}, "audio/mp4"},
	    {4, {"ftyp", 4}, "video/mp4"},
	    {0, {"#EXTM3U", 7}, "application/vnd.apple.mpegurl"},
	    {0, {"WEBVTT", 6}, "text/vtt; charset=utf-8"},
	    {0, {"OggS", 4}, "audio/ogg"},
	    {0, {"ID3", 3}, "audio/mpeg"},
	};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (str_starts(str_skip(bytes, marks[i].at), marks[i].mark))
			return marks[i].type;
	return "application/octet-stream";
}

const char *mime_of_name(struct str filename) {
	size_t dot = filename.n;
	while (dot > 0 && filename.p[dot - 1] != '.' && filename.p[dot - 1] != '/')
		dot--;
	if (dot > 0 && filename.p[dot - 1] == '.')
		for (size_t i = 0; i < sizeof types / sizeof *types; i++)
			if (str_eq_ci(str_skip(filename, dot), str_of(types[i].ext)))
				return types[i].type;
	return "application/octet-stream";
}

struct str mime_essence(struct str type) {
	return str_trim(str_cut(&type, ';'));
}

/* Cuts one parameter from *rest, minding quoted strings (which may hold ";"). */
static bool next_param(struct str *rest, struct str *name, struct str *value) {
	while (rest->n) {
		bool quoted = false;
		size_t n = 0;
		while (n < rest->n && (quoted || rest->p[n] != ';')) {
			if (quoted && rest->p[n] == '\\' && n + 1 < rest->n)
				n++;
			else if (rest->p[n] == '"')
				quoted = !quoted;
			n++;
		}
		*value = str_first(*rest, n);
		*rest = str_skip(*rest, n + 1);
		if (str_chr(*value, '=') < 0)
			continue;
		*name = str_trim(str_cut(value, '='));
		*value = str_trim(*value);
		if (value->n >= 2 && value->p[0] == '"' && value->p[value->n - 1] == '"')
			*value = (struct str){value->p + 1, value->n - 2};
		return true;
	}
	return false;
}

struct str mime_param(struct str type, struct str name) {
	struct str key, value;
	str_cut(&type, ';');
	while (next_param(&type, &key, &value))
		if (str_eq_ci(key, name))
			return value;
	return STR_NONE;
}

bool mime_compressible(struct str type) {
	struct str t = mime_essence(type);
	if (str_eq_ci(t, S("text/event-stream")))
		return false;
	return str_starts_ci(t, S("text/")) || str_eq_ci(t, S("application/json")) || str_ends(t, S("+json")) || str_ends(t, S("+xml")) ||
	       str_eq_ci(t, S("application/xml")) || str_eq_ci(t, S("application/javascript")) || str_eq_ci(t, S("application/wasm")) ||
	       str_eq_ci(t, S("application/vnd.apple.mpegurl")) || str_eq_ci(t, S("application/x-freehold-copy"));
}

int mime_weight(struct str item) {
	struct str q = mime_param(item, S("q"));
	if (q.n == 0 || q.p[0] != '0')
		return 1000;
	int v = 0, unit = 100;
	for (size_t i = 2; i < q.n && i < 5; i++, unit /= 10) {
		if (q.p[i] < '0' || q.p[i] > '9')
			break;
		v += (q.p[i] - '0') * unit;
	}
	return v;
}

int mime_accept(struct str accept, struct str type) {
	struct str want = mime_essence(type);
	ptrdiff_t slash = str_chr(want, '/');
	int best = 0, best_rank = -1;
	if (str_empty(str_trim(accept)))
		return 1000;
	while (accept.n) {
		struct str item = str_cut(&accept, ',');
		struct str range = mime_essence(item);
		int rank = -1;
		if (str_eq_ci(range, want))
			rank = 2;
		else if (slash > 0 && range.n == (size_t)slash + 2 &&
		         str_eq_ci(str_first(range, (size_t)slash + 1), str_first(want, (size_t)slash + 1)) && range.p[range.n - 1] == '*')
			rank = 1;
		else if (str_eq(range, S("*/*")))
			rank = 0;
		if (rank <= best_rank)
			continue;
		best_rank = rank;
		best = mime_weight(item);
	}
	return best;
}
