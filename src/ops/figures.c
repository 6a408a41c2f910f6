#include "ops/figures.h"

#include <stdio.h>

void put_size(struct buf *out, double bytes) {
	static const char *const units[] = {"B", "kB", "MB", "GB", "TB"};
	int i = 0;
	for (; bytes >= 1000 && i < 4; i++)
		bytes /= 1000;
	buf_printf(out, i ? "%.1f %s" : "%.0f %s", bytes, units[i]);
}

/* With its indexes a row needs rather less. Beside rows and files come logs, the journal, and what grows meanwhile. */
enum { ROW_BYTES = 1024, SPARE_BYTES = 256 * 1024 * 1024 };

double room_of_copy(int64_t rows, double file_bytes) { return SPARE_BYTES + (double)rows * ROW_BYTES + file_bytes; }

void put_span(struct buf *out, int64_t s) {
	if (s >= 3600)
		buf_printf(out, "%lld:%02lld:%02lld", (long long)(s / 3600), (long long)(s / 60 % 60), (long long)(s % 60));
	else
		buf_printf(out, "%lld:%02lld", (long long)(s / 60), (long long)(s % 60));
}

void put_count(struct buf *out, double n) {
	char digits[32];
	int length = snprintf(digits, sizeof digits, "%.0f", n);
	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			buf_byte(out, ',');
		buf_byte(out, digits[i]);
	}
}

bool option_number(struct command_call *call, const char *name, int64_t least, int64_t most, int64_t *out) {
	static const char units[] = "KMGT";
	struct str text = STR_NONE;
	if (!option_value(call, name, &text))
		return false;
	if (!text.p)
		return true;
	const char *unit = text.n ? strchr(units, text.p[text.n - 1]) : NULL;
	int shift = unit && *unit ? (int)(unit - units + 1) * 10 : 0;
	if (shift)
		text.n--;
	if (str_i64(text, out) && *out >= least && *out <= most >> shift) {
		*out <<= shift;
		return true;
	}
	buf_printf(call->errors, "freehold: %s is not a number that %s can have\n", text.p, name);
	return false;
}

bool option_seconds(struct command_call *call, const char *name, int64_t *out) {
	struct str text = STR_NONE;
	if (!option_value(call, name, &text))
		return false;
	if (!text.p)
		return true;
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}};
	struct str digits = str_first(text, text.n ? text.n - 1 : 0);
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (text.n && text.p[text.n - 1] == units[i].unit && str_i64(digits, out) && *out > 0 && *out <= INT64_MAX / 86400) {
			*out *= units[i].seconds;
			return true;
		}
	buf_printf(call->errors, "freehold: %s is no time that %s can have, as 30h or 90m\n", text.p, name);
	return false;
}

/* "70T", "70TB", in steps of 1,000. */
static bool read_decimal(struct str text, double *out) {
	static const char units[] = "kMGT";
	double scale = 1;
	int64_t n;
	if (str_ends(text, S("B")))
		text.n--;
	const char *unit = text.n ? strchr(units, text.p[text.n - 1]) : NULL;
	for (const char *u = units; unit && u <= unit; u++)
		scale *= 1000;
	text.n -= unit != NULL;
	if (!str_i64(text, &n) || n < 0)
		return false;
	*out = (double)n * scale;
	return true;
}

bool option_bytes(struct command_call *call, const char *name, double *out) {
	struct str text = STR_NONE;
	if (!option_value(call, name, &text))
		return false;
	if (!text.p || read_decimal(text, out))
		return true;
	buf_printf(call->errors, "freehold: %s is no size that %s can have, as 500G or 70TB\n", text.p, name);
	return false;
}

bool option_rate(struct command_call *call, const char *name, double *out) {
	struct str text = STR_NONE;
	double rate;
	if (!option_value(call, name, &text))
		return false;
	if (!text.p)
		return true;
	bool bits = str_ends(text, S("bit"));
	if (read_decimal(bits ? str_first(text, text.n - 3) : text, &rate) && rate > 0) {
		*out = bits ? rate / 8 : rate;
		return true;
	}
	buf_printf(call->errors, "freehold: %s is no rate that %s can have, as 100MB (a second) or 10Gbit\n", text.p, name);
	return false;
}
