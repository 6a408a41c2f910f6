#include "wire/tar.h"

#include "base/must.h"

#include <stdio.h>

/* Offsets and lengths of a header's fields (POSIX.1-2001, ustar interchange format). */
enum {
	NAME = 0,
	NAME_N = 100,
	MODE = 100,
	SIZE = 124,
	SIZE_N = 12,
	TIME = 136,
	SUM = 148,
	SUM_N = 8,
	KIND = 156,
	MAGIC = 257,
	PREFIX = 345,
	PREFIX_N = 155
};

static unsigned sum_of(const char block[TAR_BLOCK]) {
	unsigned sum = 0;
	for (int i = 0; i < TAR_BLOCK; i++)
		sum += i >= SUM && i < SUM + SUM_N ? ' ' : (unsigned char)block[i];
	return sum;
}

/* Octal digits between spaces and zero bytes, or GNU's base-256: a first byte of 0x80, then big-endian. */
static bool number(const char *field, size_t n, int64_t *out) {
	uint64_t v = 0;
	size_t i = 0;
	if ((unsigned char)field[0] == 0x80) {
		for (i = 1; i < n; i++) {
			if (v >> 55)
				return false;
			v = v << 8 | (unsigned char)field[i];
		}
		*out = (int64_t)v;
		return true;
	}
	while (i < n && field[i] == ' ')
		i++;
	size_t digits = i;
	for (; i < n && field[i] >= '0' && field[i] <= '7'; i++)
		v = v << 3 | (uint64_t)(field[i] - '0');
	if (i == digits)
		return false;
	for (; i < n; i++)
		if (field[i] != ' ' && field[i] != 0)
			return false;
	*out = (int64_t)v;
	return true;
}

static struct str text(const char *field, size_t n) { return str_mem(field, strnlen(field, n)); }

static void add(struct tar_entry *e, struct str s) {
	memcpy(e->name + e->name_n, s.p, s.n);
	e->name_n += s.n;
}

static enum tar_kind kind_of(char c) {
	switch (c) {
	case 0:
	case '0':
	case '7': return TAR_FILE;
	case 'x': return TAR_PAX;
	case 'L': return TAR_LONG_NAME;
	default: return TAR_OTHER;
	}
}

err tar_read(const char block[TAR_BLOCK], struct tar_entry *out) {
	static const char zeros[TAR_BLOCK];
	int64_t sum;
	*out = (struct tar_entry){.kind = TAR_END};
	if (memcmp(block, zeros, TAR_BLOCK) == 0)
		return NULL;
	if (!number(block + SUM, SUM_N, &sum) || sum != (int64_t)sum_of(block))
		return err_public(ERR_INVALID, "The archive is damaged: a header's sum is wrong");
	if (!number(block + SIZE, SIZE_N, &out->size))
		return err_public(ERR_INVALID, "The archive is damaged: an entry has no size");
	out->kind = kind_of(block[KIND]);
	struct str prefix = text(block + PREFIX, PREFIX_N), name = text(block + NAME, NAME_N);
	/* GNU's own format ("ustar  ") keeps times where POSIX has the prefix. */
	if (memcmp(block + MAGIC, "ustar\0", 6) == 0 && prefix.n && prefix.n + 1 + name.n <= TAR_NAME_MAX) {
		add(out, prefix);
		add(out, S("/"));
	}
	add(out, name);
	return NULL;
}

/* "LENGTH KEY=VALUE\n", where LENGTH counts the whole record. */
err tar_pax(struct str records, struct str *path, int64_t *size) {
	*path = STR_NONE;
	*size = -1;
	while (records.n) {
		int64_t n;
		ptrdiff_t space = str_chr(str_first(records, 20), ' ');
		if (space <= 0 || !str_i64(str_first(records, (size_t)space), &n) || n <= space + 2 || (uint64_t)n > records.n ||
		    records.p[n - 1] != '\n')
			return err_public(ERR_INVALID, "The archive is damaged: a pax header is no list of records");
		struct str record = str_skip(str_first(records, (size_t)n - 1), (size_t)space + 1);
		if (str_starts(record, S("path=")))
			*path = str_skip(record, 5);
		else if (str_starts(record, S("size=")) && (!str_i64(str_skip(record, 5), size) || *size < 0))
			return err_public(ERR_INVALID, "The archive is damaged: a pax header has a wrong size");
		records = str_skip(records, (size_t)n);
	}
	return NULL;
}

static void put_size(char *field, int64_t size) {
	if (size < (int64_t)1 << 33) {
		snprintf(field, SIZE_N, "%011llo", (unsigned long long)size);
		return;
	}
	field[0] = (char)0x80;
	for (int i = 1; i < SIZE_N; i++)
		field[i] = i < SIZE_N - 8 ? 0 : (char)((uint64_t)size >> 8 * (SIZE_N - 1 - i));
}

void tar_write(char block[TAR_BLOCK], struct str name, int64_t size, int64_t seconds) {
	must(name.n && name.n <= TAR_WRITE_NAME_MAX && size >= 0);
	memset(block, 0, TAR_BLOCK);
	memcpy(block + NAME, name.p, name.n);
	memcpy(block + MODE, "0000644\0000000000\0000000000", 24);
	put_size(block + SIZE, size);
	snprintf(block + TIME, 12, "%011llo", (unsigned long long)seconds & 077777777777);
	block[KIND] = '0';
	memcpy(block + MAGIC, "ustar\00000", 8);
	snprintf(block + SUM, SUM_N, "%06o", sum_of(block));
	block[SUM + 7] = ' ';
}
