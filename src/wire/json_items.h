/* The items of one array of a JSON document that may be of any size, as its bytes come: each item whole, to be read by a JSON reader.
 * Memory is bounded by the largest item that is wanted. What stands around the array is passed over by its brackets and strings alone.
 * Pure. */
#ifndef WIRE_JSON_ITEMS_H
#define WIRE_JSON_ITEMS_H

#include "base/buf.h"

enum { JSON_ITEM_MAX = 1 << 20 };

struct json_items {
	struct str member; /* the array is this member of an object; empty: the document's first array ("window.x = […]") */
	int level;         /* how deep that object lies: 0 and 1 are the document itself */
	int depth;         /* of open brackets */
	bool string, escaped;
	bool named;        /* the string that ended last is the member's name */
	bool inside, over; /* of the array; behind it */
	int64_t index;     /* of the item that came last, from 1 */
	bool too_long;     /* the one being read is longer than JSON_ITEM_MAX */
	bool ended;        /* item holds one that was handed out */
	struct buf item, name;
};

void json_items_free(struct json_items *j);

/* Takes bytes off *rest until an item is whole (true: *item is it, until the next call; empty: it was too long) or they are used up. */
bool json_items_next(struct json_items *j, struct str *rest, struct str *item);

#endif
