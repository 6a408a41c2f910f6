#include "ops/serve.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/must.h"
#include "base/thread.h"
#include "net/notify.h"
#include "ops/open.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

void serve_log_level(const struct config *config) {
	static const struct str names[] = {{"debug", 5}, {"info", 4}, {"warning", 7}, {"error", 5}};
	for (int i = 0; i < 4; i++)
		if (str_eq(config_text(config, SET_log_level), names[i]))
			log_set_level((enum log_level)i);
}

/* Signals are waited for by this thread alone: all others inherit the blocked set. */
sigset_t serve_block_signals(void) {
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on file sizes is an error of the write, like a full disk */
	return set;
}

static void say(const struct node *node, const char *owner_link) {
	struct str address = node_address(node), domain = node_site(node)->domain, base = node_site(node)->base_url;
	if (str_starts(domain, S("0.0.0.0")) || str_starts(domain, S("[::]")))
		log_warn(
		    "links and handles would name %.*s, which leads nowhere: set server.domain, or listen on one address of this machine",
		    S_ARG(domain));
	printf("Freehold " FREEHOLD_VERSION " listens on %.*s\n\n    %.*s/\n\n", S_ARG(address), S_ARG(base));
	if (owner_link[0])
		printf("Nobody owns this network yet. Whoever opens this link within the hour becomes the owner:\n\n    %s\n\n",
		       owner_link);
	fflush(stdout);
}

/* Requests and jobs have their grace in turn (node_stop); what then still runs may hang for ever, and is left. What was acknowledged is on
 * disk, and what was not is undone by the database. */
static void *leave_at_last(void *grace_s) {
	sleep((unsigned)(2 * (intptr_t)grace_s + 1));
	log_warn("something was still running when the time to stop was over (server.stop_grace), and is left");
	_exit(EXIT_DONE);
}

err serve_network(struct command_call *call, bool demo, sigset_t signals, struct node_media *tried) {
	struct node *node;
	TRY(node_start(&node, call->config, call->data_dir, demo, tried));
	char link[512];
	err e = node_owner_link(node, link, sizeof link);
	if (!e) {
		say(node, link);
		notify_service("READY=1");
		int caught = 0;
		sigwait(&signals, &caught);
		log_info("stopping on %s", caught == SIGTERM ? "SIGTERM" : "SIGINT");
	}
	notify_service("STOPPING=1");
	pthread_t watch;
	if (thread_start(&watch, "stop watch", leave_at_last, (void *)(intptr_t)config_number(call->config, SET_server_stop_grace)))
		pthread_detach(watch);
	if (!node_stop(&node))
		_exit(EXIT_DONE);
	return e;
}

int command_serve(struct command_call *call) {
	bool demo = option_flag(call, "--demo");
	if (option_unknown(call) || call->argc > 1)
		return EXIT_USAGE;
	serve_log_level(call->config);
	err e = serve_network(call, demo, serve_block_signals(), NULL);
	return e ? command_failed(call, e) : EXIT_DONE;
}
