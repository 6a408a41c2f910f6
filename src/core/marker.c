#include "core/marker.h"

#include "store/tx.h"

struct act {
	struct ctx *c;
	const int64_t *last_read;
};

static err set_tx(struct tx *tx, void *arg) {
	struct act *act = arg;
	TRY(tx_journal(tx, J_MARKER_CHANGED, act->c->viewer, 0, 0));
	for (int t = 0; t < MARKER_TIMELINES; t++)
		if (act->last_read[t])
			TRY(store_marker_put(tx, act->c->viewer, (enum marker_timeline)t, act->last_read[t]));
	return NULL;
}

err marker_set(struct ctx *c, const int64_t last_read[MARKER_TIMELINES]) { return tx_run(c->db, set_tx, &(struct act){c, last_read}); }
