#include "core/audit.h"

#include "base/id.h"
#include "store/audit.h"

err audit_note(struct tx *tx, struct ctx *c, struct str action, struct str target_kind, int64_t target_id, struct str label,
               struct str text) {
	struct audit_row row = {.id = id_new(),
	                        .actor_id = c->viewer,
	                        .action = action,
	                        .target_kind = target_kind,
	                        .target_id = target_id,
	                        .target_label = label,
	                        .text = text};
	return store_audit_insert(tx, &row);
}
