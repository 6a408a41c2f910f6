#include "wire/s3.h"

#include "base/vec.h"
#include "wire/url.h"
#include "wire/xml.h"

/* The text of the element that was just opened, without what its children say, up to its close. */
static bool read_text(struct arena *a, struct xml *x, struct str *out) {
	BUF_AUTO text = {0};
	struct str what;
	for (int depth = x->depth; x->depth >= depth;)
		switch (xml_next(x, &what)) {
		case XML_TEXT:
			if (x->depth == depth && !xml_text(&text, what))
				return false;
			break;
		case XML_BAD:
		case XML_DONE: return false;
		default: break;
		}
	*out = arena_str(a, buf_str(&text));
	return true;
}

/* The next element that begins at this depth (1: children of the root); *end when its parent closes first. */
static bool next_child(struct xml *x, int depth, struct str *name, bool *end) {
	*end = false;
	for (;;)
		switch (xml_next(x, name)) {
		case XML_OPEN:
			if (x->depth == depth + 1)
				return true;
			break;
		case XML_CLOSE:
			if (x->depth < depth) {
				*end = true;
				return true;
			}
			break;
		case XML_TEXT: break;
		default: return false;
		}
}

static bool open_root(struct xml *x, struct str document, struct str root) {
	struct str name;
	xml_init(x, document);
	return xml_next(x, &name) == XML_OPEN && str_eq(name, root);
}

/* Nothing but the end may follow the root. */
static bool is_over(struct xml *x) {
	struct str rest;
	return xml_next(x, &rest) == XML_DONE;
}

static bool read_item(struct arena *a, struct xml *x, struct s3_item *out) {
	struct str name, text;
	bool end, sized = false;
	*out = (struct s3_item){0};
	while (next_child(x, 2, &name, &end)) {
		if (end)
			return sized && out->key.n;
		if (!read_text(a, x, &text))
			return false;
		if (str_eq(name, S("Key"))) {
			if (url_decode_form(a, text, &out->key))
				return false;
		} else if (str_eq(name, S("Size"))) {
			sized = str_i64(text, &out->size) && out->size >= 0;
		} else if (str_eq(name, S("ETag"))) {
			out->etag = text;
		} else if (str_eq(name, S("LastModified"))) {
			out->modified = text;
		}
	}
	return false;
}

bool s3_read_listing(struct arena *a, struct str document, struct s3_listing *out) {
	VEC(struct s3_item) items = {0};
	struct xml x;
	struct str name, text;
	bool end = false, told = false;
	*out = (struct s3_listing){0};
	if (!open_root(&x, document, S("ListBucketResult")))
		return false;
	while (next_child(&x, 1, &name, &end) && !end) {
		if (str_eq(name, S("Contents"))) {
			struct s3_item item;
			if (!read_item(a, &x, &item))
				return false;
			vec_push(a, &items, item);
			continue;
		}
		if (!read_text(a, &x, &text))
			return false;
		if (str_eq(name, S("IsTruncated"))) {
			out->more = str_eq(text, S("true"));
			told = out->more || str_eq(text, S("false"));
		} else if (str_eq(name, S("NextContinuationToken"))) {
			out->token = text;
		}
	}
	out->items = items.v;
	out->n = items.n;
	return end && told && (!out->more || out->token.n) && is_over(&x);
}

bool s3_read_value(struct arena *a, struct str document, struct str root, struct str name, struct str *out) {
	struct xml x;
	struct str child, text;
	bool end = false, found = false;
	*out = STR_NONE;
	if (!open_root(&x, document, root))
		return false;
	while (next_child(&x, 1, &child, &end) && !end) {
		if (!read_text(a, &x, &text))
			return false;
		if (!found && str_eq(child, name)) {
			*out = text;
			found = true;
		}
	}
	return end && is_over(&x);
}

/* The children of one element that have these names; the others are passed over. */
static bool read_fields(struct arena *a, struct xml *x, const struct str *names, struct str *const *values, size_t n) {
	struct str name, text;
	bool end;
	while (next_child(x, 2, &name, &end)) {
		if (end)
			return true;
		if (!read_text(a, x, &text))
			return false;
		for (size_t i = 0; i < n; i++)
			if (str_eq(name, names[i]))
				*values[i] = text;
	}
	return false;
}

bool s3_read_failures(struct arena *a, struct str document, struct s3_failure **out, size_t *n) {
	static const struct str names[] = {{"Key", 3}, {"Code", 4}};
	VEC(struct s3_failure) failures = {0};
	struct xml x;
	struct str name, text;
	bool end = false;
	if (!open_root(&x, document, S("DeleteResult")))
		return false;
	while (next_child(&x, 1, &name, &end) && !end) {
		struct s3_failure f = {0};
		bool failed = str_eq(name, S("Error"));
		if (!(failed ? read_fields(a, &x, names, (struct str *const[]){&f.key, &f.code}, 2) : read_text(a, &x, &text)))
			return false;
		if (failed)
			vec_push(a, &failures, f);
	}
	*out = failures.v;
	*n = failures.n;
	return end && is_over(&x);
}

bool s3_read_uploads(struct arena *a, struct str document, struct s3_upload **out, size_t *n) {
	static const struct str names[] = {{"Key", 3}, {"UploadId", 8}, {"Initiated", 9}};
	VEC(struct s3_upload) uploads = {0};
	struct xml x;
	struct str name, text;
	bool end = false;
	if (!open_root(&x, document, S("ListMultipartUploadsResult")))
		return false;
	while (next_child(&x, 1, &name, &end) && !end) {
		struct s3_upload u = {0};
		bool is_upload = str_eq(name, S("Upload"));
		if (!(is_upload ? read_fields(a, &x, names, (struct str *const[]){&u.key, &u.id, &u.initiated}, 3)
		                : read_text(a, &x, &text)))
			return false;
		if (!is_upload)
			continue;
		if (url_decode_form(a, u.key, &u.key) || !u.id.n)
			return false;
		vec_push(a, &uploads, u);
	}
	*out = uploads.v;
	*n = uploads.n;
	return end && is_over(&x);
}

void s3_put_delete(struct buf *out, const struct str *keys, size_t n) {
	buf_lit(out, "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>");
	for (size_t i = 0; i < n; i++) {
		buf_lit(out, "<Object><Key>");
		buf_html_text(out, keys[i]);
		buf_lit(out, "</Key></Object>");
	}
	buf_lit(out, "</Delete>");
}

void s3_put_complete(struct buf *out, const struct str *etags, size_t n) {
	buf_lit(out, "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "<Part><PartNumber>%zu</PartNumber><ETag>", i + 1);
		buf_html_text(out, etags[i]);
		buf_lit(out, "</ETag></Part>");
	}
	buf_lit(out, "</CompleteMultipartUpload>");
}
