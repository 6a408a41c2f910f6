#include "wire/multipart.h"

#include "wire/mime.h"

static err malformed(const char *why) { return err_public(ERR_BAD_REQUEST, "The multipart body is malformed: %s", why); }

/* The delimiter is "--" and the boundary; between parts a CRLF stands before it. */
static bool starts_with_delimiter(const struct multipart *m, struct str s) {
	return str_starts(s, S("--")) && str_starts(str_skip(s, 2), m->boundary);
}

/* Steps over a delimiter that stands at the start of rest, and sees whether it is the closing one. */
static err take_delimiter(struct multipart *m) {
	m->rest = str_skip(m->rest, 2 + m->boundary.n);
	if (str_starts(m->rest, S("--"))) {
		m->done = true;
		return NULL;
	}
	while (m->rest.n && (m->rest.p[0] == ' ' || m->rest.p[0] == '\t'))
		m->rest = str_skip(m->rest, 1);
	if (!str_starts(m->rest, S("\r\n")))
		return malformed("a delimiter does not end its line");
	m->rest = str_skip(m->rest, 2);
	return NULL;
}

err multipart_start(struct multipart *m, struct str body, struct str boundary) {
	*m = (struct multipart){.rest = body, .boundary = boundary};
	if (str_empty(boundary) || boundary.n > MULTIPART_MAX_BOUNDARY)
		return malformed("there is no boundary");
	if (!starts_with_delimiter(m, body))
		return malformed("it does not start with its boundary");
	return take_delimiter(m);
}

/* Where the part's bytes end: at CRLF and the delimiter. */
static err find_end(const struct multipart *m, struct str bytes, size_t *end) {
	struct str at = bytes;
	for (;;) {
		ptrdiff_t next = str_find(at, S("\r\n--"));
		if (next < 0)
			return malformed("the closing delimiter is missing");
		at = str_skip(at, (size_t)next + 2);
		if (starts_with_delimiter(m, at)) {
			*end = (size_t)(at.p - bytes.p) - 2;
			return NULL;
		}
	}
}

static struct str last_component(struct str path) {
	for (size_t i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/' || path.p[i - 1] == '\\')
			return str_skip(path, i);
	return path;
}

static err read_disposition(struct str value, struct multipart_part *part) {
	if (!str_eq_ci(mime_essence(value), S("form-data")))
		return malformed("a part is not form-data");
	part->name = mime_param(value, S("name"));
	if (str_empty(part->name) || part->name.n > 256)
		return malformed("a part has no name");
	if (str_find(value, S("filename")) >= 0) {
		part->filename = last_component(mime_param(value, S("filename")));
		if (!part->filename.p)
			part->filename = S("");
	}
	if (!str_utf8(part->name) || !str_utf8(part->filename))
		return malformed("a name is not UTF-8");
	return NULL;
}

static err read_headers(struct multipart *m, struct multipart_part *part) {
	bool disposed = false;
	for (;;) {
		ptrdiff_t end = str_find(m->rest, S("\r\n"));
		if (end < 0 || end > 1024)
			return malformed("a part's header is too long or cut off");
		struct str value = str_first(m->rest, (size_t)end);
		m->rest = str_skip(m->rest, (size_t)end + 2);
		if (str_empty(value))
			return disposed ? NULL : malformed("a part has no Content-Disposition");
		struct str name = str_cut(&value, ':');
		if (str_eq_ci(name, S("Content-Disposition")) && !disposed) {
			TRY(read_disposition(str_trim(value), part));
			disposed = true;
		} else if (str_eq_ci(name, S("Content-Type"))) {
			part->type = str_trim(value);
		}
	}
}

err multipart_next(struct multipart *m, struct multipart_part *part, bool *more) {
	*part = (struct multipart_part){.name = STR_NONE};
	*more = !m->done;
	if (m->done)
		return NULL;
	if (++m->parts > MULTIPART_MAX_PARTS)
		return malformed("it has too many parts");
	TRY(read_headers(m, part));
	/* The header's last CRLF may also begin the delimiter of an empty part: look from before it. */
	struct str bytes = {m->rest.p - 2, m->rest.n + 2};
	size_t end = 0;
	TRY(find_end(m, bytes, &end));
	part->bytes = end >= 2 ? str_mem(m->rest.p, end - 2) : str_mem(m->rest.p, 0);
	m->rest = str_skip(bytes, end + 2);
	return take_delimiter(m);
}
