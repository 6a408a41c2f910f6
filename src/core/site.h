/* The site: what the process was started with, shared by all threads, wired once by ops/serve.
 *
 * Its parts lock themselves; the pointers do not change after the start. */
#ifndef CORE_SITE_H
#define CORE_SITE_H

#include "base/str.h"

struct config;
struct store;
struct feed;
struct blobs;
struct media_home;
struct media_known;
struct parts;
struct decoder;
struct films;
struct page_cache;
struct passwords;
struct throttle;
struct totals;
struct bans;
struct live;
struct standby;
struct keeper;
struct drill_clock;
struct routes;

struct site {
	const struct config *config;
	struct store *store;
	struct feed *feed;           /* the memory of §2: authors' newest posts, readers' sets (feed/feed.h) */
	struct blobs *blobs;         /* media's bytes (blob/pair.h) */
	struct media_home *home;     /* what is known of where they are (core/media_store.h) */
	struct media_known *known;   /* what their addresses stand for (core/media_known.h) */
	struct parts *parts;         /* files in the middle of arriving (blob/parts.h) */
	struct decoder *decoder;     /* where strangers' pictures are decoded (media/decoder.h) */
	struct films *films;         /* where strangers' films are (media/film.h) */
	struct page_cache *pages;    /* rendered public pages (web/page_cache.h) */
	struct passwords *passwords; /* who may hash now (core/password.h) */
	struct throttle *throttle;   /* wrong passwords (core/throttle.h) */
	struct totals *totals;       /* how many members and posts (core/totals.h) */
	struct bans *bans;           /* address ranges that are kept out (core/bans.h) */
	struct live *live;           /* open event streams (api/live.h) */
	struct standby *standby;     /* of a process that keeps a copy, and nothing else (move/standby.h) */
	struct keeper *keeper;       /* who makes backups (ops/keeper.h) */
	struct drill_clock *drills;  /* who rehearses leaving (ops/drill_clock.h) */
	struct routes *mail;         /* the ways mails can take (core/mail_routes.h) */
	struct routes *sms;          /* the ways text messages can take (core/sms_routes.h) */
	struct str data_dir;
	struct str domain;       /* what handles end in: "example.org" or "127.0.0.1:8080" */
	struct str base_url;     /* "https://example.org", without a slash */
	int serving;             /* enum media_serving (core/media_store.h) */
	struct str public_media; /* where media lie for everybody, without a slash; SERVE_PUBLIC only */
	struct str source_url;   /* where the program's source is to be had (AGPL, section 13) */
	struct str address;      /* where it really listens */
	_Atomic bool stopping;   /* what takes long ends early */
	_Atomic bool moving;     /* it is being handed over to another machine, or was: nothing is to be written */
	char secret[32];         /* the site's own key for keyed hashes, from the site table */
};

#endif
