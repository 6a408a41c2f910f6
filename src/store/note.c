#include "store/note.h"

err store_note_put(struct tx *tx, int64_t account, int64_t target, struct str text) {
	if (str_empty(text))
		return db_exec(tx_db(tx), NOTE_DELETE, I(account), I(target));
	return db_exec(tx_db(tx), NOTE_PUT, I(account), I(target), T(text));
}
