/* `freehold move --to USER@HOST`: a whole network to another machine in one go, over ssh, while it runs.
 *
 * The command sets a standby up there (ops/there.h), shows how far it is, waits for a word, promotes it and says what is left to do. It
 * keeps nothing of its own: what is there tells how far it came, so it can be cut off at any point and run again. */
#ifndef OPS_MOVE_TO_H
#define OPS_MOVE_TO_H

#include "ops/command.h"

int move_to(struct command_call *call);
/* What it asks the running network. */
int move_inside(struct command_call *call);

#endif
