/* A node: one running process of the network. Wires the parts together once, in order, and takes them down in reverse. */
#ifndef OPS_NODE_H
#define OPS_NODE_H

#include "config/config.h"
#include "core/site.h"

struct node;

/* The programs that read strangers' pictures and films, tried behind their walls. It takes a good part of a node's start: who may have to
 * start one at once tries them before. */
struct node_media {
	struct decoder *decoder;
	struct films *films;
};
void node_media_try(const struct config *config, struct node_media *out);
void node_media_free(struct node_media *m);

/* Opens the data folder, starts readers, jobs, the admin socket and the server. demo fills an empty network first. tried (may be NULL or
 * empty) is taken over and emptied. */
err node_start(struct node **out, const struct config *config, struct str data_dir, bool demo, struct node_media *tried);
/* Lets running requests finish (server.stop_grace), then stops everything. False: a job still runs and is left, with the store and all else
 * it uses; nothing remains but to end the process (_exit). */
bool node_stop(struct node **node);

const struct site *node_site(const struct node *node);
struct str node_address(const struct node *node);

/* A fresh one-time link while the network has no owner; "" when it has one. */
err node_owner_link(struct node *node, char *out, size_t cap);

#endif
