#include "wire/zip.h"

enum { END = 22, LOCATOR = 20, CENTRAL = 46 };

static uint32_t le16(const char *p) { return (uint32_t)(unsigned char)p[0] | (uint32_t)(unsigned char)p[1] << 8; }
static uint32_t le32(const char *p) { return le16(p) | le16(p + 2) << 16; }
static uint64_t le64(const char *p) { return le32(p) | (uint64_t)le32(p + 4) << 32; }

static err damaged(const char *what) { return err_public(ERR_INVALID, "The zip archive is damaged: %s", what); }

static err check(const struct zip_directory *d, int64_t file_size) {
	if (d->at < 0 || d->size < 0 || d->at > file_size || d->size > file_size - d->at || d->entries > (uint64_t)d->size / CENTRAL)
		return damaged("its directory is not where its end says");
	return NULL;
}

err zip_end(struct str tail, int64_t file_size, struct zip_directory *out) {
	*out = (struct zip_directory){.zip64_at = -1};
	for (size_t i = tail.n; i >= END; i--) {
		const char *p = tail.p + i - END;
		if (memcmp(p, "PK\5\6", 4) != 0 || le16(p + 20) != tail.n - i)
			continue;
		*out = (struct zip_directory){le32(p + 16), le32(p + 12), le16(p + 10), -1};
		if (i >= END + LOCATOR && memcmp(p - LOCATOR, "PK\6\7", 4) == 0) {
			out->zip64_at = (int64_t)le64(p - LOCATOR + 8);
			return out->zip64_at >= 0 && out->zip64_at <= file_size - ZIP64_END ? NULL : damaged("its end points outside");
		}
		return check(out, file_size);
	}
	return err_public(ERR_INVALID, "The file is not a whole zip archive");
}

err zip_end64(struct str record, int64_t file_size, struct zip_directory *out) {
	if (record.n < ZIP64_END || memcmp(record.p, "PK\6\6", 4) != 0)
		return damaged("it has no zip64 end");
	*out = (struct zip_directory){(int64_t)le64(record.p + 48), (int64_t)le64(record.p + 40), le64(record.p + 32), -1};
	return check(out, file_size);
}

/* The zip64 extra field holds, in this order, those of size, packed size and offset that do not fit. */
static bool wide(struct str extra, struct zip_entry *e) {
	int64_t *fields[] = {&e->size, &e->packed, &e->at};
	while (extra.n >= 4) {
		uint32_t kind = le16(extra.p), n = le16(extra.p + 2);
		if (n > extra.n - 4)
			return false;
		struct str body = str_first(str_skip(extra, 4), n);
		extra = str_skip(extra, 4 + n);
		if (kind != 1)
			continue;
		for (int i = 0; i < 3; i++) {
			if (*fields[i] != UINT32_MAX)
				continue;
			if (body.n < 8)
				return false;
			*fields[i] = (int64_t)le64(body.p);
			body = str_skip(body, 8);
		}
	}
	return true;
}

err zip_entry(struct str *directory, struct zip_entry *out) {
	const char *p = directory->p;
	if (directory->n < CENTRAL || memcmp(p, "PK\1\2", 4) != 0)
		return damaged("its directory ends too early");
	size_t name = le16(p + 28), extra = le16(p + 30), comment = le16(p + 32);
	if (name + extra + comment > directory->n - CENTRAL)
		return damaged("its directory ends too early");
	*out = (struct zip_entry){
	    .name = str_mem(p + CENTRAL, name),
	    .method = (int)le16(p + 10),
	    .encrypted = le16(p + 8) & 1,
	    .crc = le32(p + 16),
	    .packed = le32(p + 20),
	    .size = le32(p + 24),
	    .at = le32(p + 42),
	};
	if (!wide(str_mem(p + CENTRAL + name, extra), out) || out->packed < 0 || out->size < 0 || out->at < 0)
		return damaged("an entry of its directory makes no sense");
	*directory = str_skip(*directory, CENTRAL + name + extra + comment);
	return NULL;
}

err zip_local(struct str header, int64_t *skip) {
	if (header.n < ZIP_LOCAL || memcmp(header.p, "PK\3\4", 4) != 0)
		return damaged("an entry is not where its directory says");
	*skip = ZIP_LOCAL + (int64_t)le16(header.p + 26) + (int64_t)le16(header.p + 28);
	return NULL;
}
