#include "net/date.h"

/* Not strftime: the names must be English whatever the locale. */
static void write_date(time_t at, char text[DATE_TEXT]) {
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm tm;
	gmtime_r(&at, &tm);
	int year = tm.tm_year + 1900;
	memcpy(text, "Sun, 06 Nov 1994 08:49:37 GMT", DATE_TEXT);
	memcpy(text, days + (ptrdiff_t)3 * tm.tm_wday, 3);
	memcpy(text + 8, months + (ptrdiff_t)3 * tm.tm_mon, 3);
	const struct {
		int at, value;
	} pairs[] = {{5, tm.tm_mday}, {12, year / 100}, {14, year % 100}, {17, tm.tm_hour}, {20, tm.tm_min}, {23, tm.tm_sec}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		text[pairs[i].at] = (char)('0' + pairs[i].value / 10);
		text[pairs[i].at + 1] = (char)('0' + pairs[i].value % 10);
	}
}

struct str date_now(struct date *d) {
	time_t now = time(NULL);
	if (now != d->made)
		write_date(d->made = now, d->text);
	return (struct str){d->text, DATE_TEXT - 1};
}

struct str date_text(int64_t ms, char out[DATE_TEXT]) {
	write_date((time_t)(ms / 1000), out);
	return (struct str){out, DATE_TEXT - 1};
}
