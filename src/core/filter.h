/* Filters of the viewer: kept, changed, dropped. One transaction each, one journal entry that tells streams and memory. */
#ifndef CORE_FILTER_H
#define CORE_FILTER_H

#include "core/ctx.h"
#include "store/filter.h"

enum { FILTERS_MAX = 100, FILTER_PARTS_MAX = 200, FILTER_TITLE_MAX = 256, FILTER_KEYWORD_MAX = 512 };

/* What is asked of a filter; what is not given stays. */
struct filter_wish {
	struct str title; /* empty: not given */
	int64_t contexts; /* 0: not given */
	bool has_action;
	enum filter_action action;
	bool has_expiry;
	int64_t expires_at; /* 0: never */
	struct keyword_wish {
		int64_t id; /* 0: a new one */
		bool remove;
		bool has_keyword, has_whole_word, whole_word;
		struct str keyword;
	} * keywords;
	size_t keyword_count;
};

/* id 0 makes a filter: it needs a title and contexts. *out is the filter as it is now, with its parts. */
err filter_save(struct ctx *c, int64_t id, const struct filter_wish *wish, struct filter *out);
err filter_delete(struct ctx *c, int64_t id);

err filters_of_viewer(struct ctx *c, struct filter **out, size_t *n);
/* Each finds only what is the viewer's; ERR_NOT_FOUND otherwise. */
err filter_get(struct ctx *c, int64_t id, struct filter *out);
err filter_keyword_get(struct ctx *c, int64_t id, struct filter *filter, struct filter_keyword *out);
err filter_status_get(struct ctx *c, int64_t id, struct filter_status *out);

/* with_filter: a filter left without keywords and posts goes too (the old API's filters are single keywords). */
err filter_keyword_delete(struct ctx *c, int64_t id, bool with_filter);
err filter_status_add(struct ctx *c, int64_t filter, int64_t status, struct filter_status *out);
err filter_status_delete(struct ctx *c, int64_t id);

#endif
