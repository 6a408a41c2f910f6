#include "web/assets.h"

#include "web/pack/table.h"

const struct asset *asset_find(struct str path) {
	size_t low = 0, high = asset_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int c = str_cmp(path, str_of(asset_table[middle].path));
		if (c == 0)
			return &asset_table[middle];
		if (c < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
