#include "ops/readers.h"

#include "core/notifier.h"

void readers_register(struct runner *r) { runner_reader(r, "notifications", notifier_kinds, notifier_read); }
