#include "net/date.h"

#include <time.h>

/* Not strftime: the names must be English whatever the locale. */
struct str date_now(void) {
	static const char days[] = "SunMonTueWedThuFriSat", months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static _Thread_local time_t made;
	static _Thread_local char text[] = "Sun, 06 Nov 1994 08:49:37 GMT";
	time_t now = time(NULL);
	if (now != made) {
		struct tm tm;
		made = now;
		gmtime_r(&now, &tm);
		int year = tm.tm_year + 1900;
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
	return (struct str){text, sizeof text - 1};
}
