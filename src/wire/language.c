#include "wire/language.h"

#include "wire/mime.h"

/* "de" of "de-AT"; some write "de_AT". */
static struct str primary(struct str tag) {
	size_t n = 0;
	while (n < tag.n && tag.p[n] != '-' && tag.p[n] != '_')
		n++;
	return str_first(tag, n);
}

int language_choose(struct str accept, const char *const *offered, int n) {
	int best = 0, best_weight = 0;
	while (accept.n) {
		struct str item = str_cut(&accept, ',');
		struct str wanted = primary(mime_essence(item));
		int weight = mime_weight(item);
		for (int i = 0; i < n && weight > best_weight; i++)
			if (str_eq_ci(wanted, str_of(offered[i])) || (i == 0 && str_eq(wanted, S("*")))) {
				best = i;
				best_weight = weight;
			}
	}
	return best;
}
