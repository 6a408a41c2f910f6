/* Running the network until a signal: `freehold serve`, and a standby that was promoted. */
#ifndef OPS_SERVE_H
#define OPS_SERVE_H

#include "ops/command.h"
#include "ops/node.h"

#include <signal.h>

void serve_log_level(const struct config *config);
/* Before any other thread is started. Returns what ends the program. */
sigset_t serve_block_signals(void);
/* tried: as node_start. */
err serve_network(struct command_call *call, bool demo, sigset_t signals, struct node_media *tried);

#endif
