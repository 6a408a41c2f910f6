#include "ops/command.h"

int command_config(struct command_call *call) {
	if (call->argc > 1)
		return EXIT_USAGE;
	config_print(call->config, call->out);
	return EXIT_DONE;
}
