/* Private notes about others; read with the relation (store/relation.h). */
#ifndef STORE_NOTE_H
#define STORE_NOTE_H

#include "store/tx.h"

/* In a transaction; an empty text deletes. */
err store_note_put(struct tx *tx, int64_t account, int64_t target, struct str text);

#endif
