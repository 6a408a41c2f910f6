/* What web/pack writes: the table of files, sorted by path, over one block of bytes (included by .incbin). */
#ifndef WEB_PACK_TABLE_H
#define WEB_PACK_TABLE_H

#include "web/assets.h"

extern const struct asset asset_table[];
extern const size_t asset_count;

#endif
