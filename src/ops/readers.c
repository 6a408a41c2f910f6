#include "ops/readers.h"

#include "core/media.h"
#include "core/notifier.h"
#include "core/poll.h"

void readers_register(struct runner *r) {
	runner_reader(r, "notifications", notifier_kinds, notifier_read);
	runner_job(r, MEDIA_SWEEP, media_sweep, 1, 20);
	runner_job(r, POLL_END_JOB, poll_end_job, 1, 20);
}
