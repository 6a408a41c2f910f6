/* Opening a data folder: its lock, its database, the site. */
#ifndef OPS_OPEN_H
#define OPS_OPEN_H

#include "core/site.h"
#include "ops/command.h"

/* Creates the folder (0700), takes its lock (ERR_CONFLICT when a server or another command holds it), opens the database and fills the
 * site. The feed is left NULL: serve makes it. */
err open_site(struct site **out, const struct config *config, struct str data_dir);
/* The same for looking only, beside a server that may be running: without the lock when it is taken. */
err open_beside(struct site **out, const struct config *config, struct str data_dir);
/* The same for a folder that holds, or shall hold, a standby (move/standby.h): open_site refuses such a one. */
err open_copy(struct site **out, const struct config *config, struct str data_dir);
/* The folder alone: makes it and takes its lock, which goes with the descriptor. */
err open_folder(struct str data_dir, int *lock);
/* Where a restore that is not done says so (a file's name): nothing else opens the folder meanwhile. */
struct str open_restoring(struct arena *a, struct str data_dir);
/* The site without its folder and database, for saying what is wrong with them. */
err open_bare(struct site **out, const struct config *config, struct str data_dir);
/* The address it really listens on: where the port was left to the system, and no domain is set, the site is called by the port it got.
 * Before anything else knows the site. */
void open_at(struct site *site, struct str address);
void close_site(struct site **site);

/* Where a server listens for commands. */
struct str admin_socket(struct arena *a, struct str data_dir);

/* When a server runs on this data folder: lets it run the command, true, *status is its exit status. */
bool open_running(struct command_call *call, int *status);

/* Has the network that runs on this data folder do a command, whose output is put into out. ERR_UNAVAILABLE says that none runs there, or
 * what it complained of. */
err open_ask(struct command_call *call, int argc, char **argv, struct buf *out);

#endif
