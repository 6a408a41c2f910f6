/* wire/backup_log: no segment crashes the reader; one that is read whole is written again as the same text. */
#include "fuzz.h"
#include "wire/backup_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
	struct str in = str_mem(data, n), rest;
	struct backup_log_head h;
	struct backup_log_item item;
	BUF_AUTO again = {0};
	if (!backup_log_read(in, &h, &rest))
		return 0;
	backup_log_begin(&again, &h);
	while (backup_log_next(&rest, &item)) {
		backup_log_put(&again, &item);
		if (item.kind != BACKUP_LOG_END)
			continue;
		must(!rest.n && str_eq(buf_str(&again), in));
		break;
	}
	return 0;
}
