/* The process of a standby: its threads, a small server that answers /health and /metrics, public reads where it shall, and refuses all
 * else, the admin socket. */
#ifndef OPS_STANDBY_PROCESS_H
#define OPS_STANDBY_PROCESS_H

#include "ops/command.h"
#include "ops/node.h"

#include <signal.h>

/* Runs until a signal of the set, or until it is promoted. reads: it answers them (ops/standby_reads.h). from and token empty: goes on with
 * what the folder holds. Fills *tried, for the node that it may become. */
err standby_process(struct command_call *call, struct str from, struct str token, bool reads, sigset_t signals, bool *promoted,
                    struct node_media *tried);

#endif
