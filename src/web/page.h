/* The frame of every page: one HTML shell that readers, crawlers and previews understand without script and that the web client takes over.
 *
 * It is in the language that the reader's browser asks for. What a page says stands inside <div id="app">; the client, where it was built
 * in, draws itself there once it has started. Pages are the same for everybody who reads that language: what is personal comes by the API.
 * Handlers build between page_begin and page_end in rq_out. */
#ifndef WEB_PAGE_H
#define WEB_PAGE_H

#include "gate/gate.h"
#include "web/words.h"

struct page_head {
	const struct words *words; /* the language it is in */
	struct str title;          /* without the network's name */
	struct str description;    /* plain text; may be empty */
	struct str path;           /* canonical: "/@alice"; empty: none */
	struct str image;          /* address of a picture; may be empty */
	struct str image_alt;
	bool large_image;
	struct str video; /* address of an MP4; may be empty */
	int video_width, video_height;
	const char *kind;     /* og:type: "profile", "article", "website" */
	struct str feed;      /* path of an Atom feed; may be empty */
	struct str oembed;    /* address of the oEmbed answer; may be empty */
	struct str creator;   /* "@alice@example.org"; may be empty */
	int64_t published;    /* ms; 0: not an article */
	const struct str *me; /* addresses the profile's owner claims (rel=me) */
	size_t me_count;
	bool noindex;
	bool embedded;       /* shown in a frame of another site: without the client */
	bool without_client; /* a page that the client does not know: it lends only its style */
};

/* The network's name comes from the database, so these run on the pool. */
err page_begin(struct ctx *c, struct buf *out, const struct page_head *p);
void page_end(struct buf *out, const struct page_head *p);

/* Status, type, the Content-Security-Policy and the rest of the head; the body is in rq_out. */
enum handled page_reply(struct rq *rq, int status, bool embedded);
/* A page that says what is missing, 404, or that something is wrong; on a loop MISS, as a page needs the database. Trouble of ours is
 * answered as the gate does. */
enum handled page_err(struct rq *rq, err e);

#define TRY_PAGE(rq, expr) \
	do { \
		err try_err_ = (expr); \
		if (try_err_) \
			return page_err((rq), try_err_); \
	} while (0)

/* The ctx as nobody: pages show what everybody may see, whoever asks. */
struct ctx page_ctx(struct rq *rq);

#endif
