#include "ops/command.h"

int command_version(struct command_call *call) {
	if (call->argc > 1)
		return EXIT_USAGE;
	buf_lit(call->out, "freehold " FREEHOLD_VERSION "\n");
	return EXIT_DONE;
}
