#include "move/plan.h"

static double larger(double a, double b) { return a > b ? a : b; }

void plan_make(const struct plan_load *load, const struct plan_rates *rates, double cores, double link, double deadline, struct plan *out) {
	*out = (struct plan){0};
	for (int i = 0; i < PLAN_STAGE_COUNT; i++) {
		double rows = load->rows[i] / rates->rows;
		double media = load->objects[i] / rates->objects + load->bytes[i] / rates->bytes;
		double core_seconds = rows + media, link_bytes = load->rows[i] * rates->row_bytes + load->bytes[i];
		double by_cores = core_seconds / cores, by_link = link_bytes / link;
		double seconds = larger(by_cores, by_link), left = deadline - out->seconds;
		out->stages[i].core_seconds = core_seconds;
		out->stages[i].link_bytes = link_bytes;
		out->stages[i].seconds = seconds;
		out->stages[i].binds = by_cores > by_link ? PLAN_CORES : PLAN_LINK;
		out->stages[i].missing = seconds <= left ? 0 : left <= 0 ? link_bytes : link_bytes * (1 - left / seconds);
		out->core_seconds += core_seconds;
		out->link_bytes += link_bytes;
		out->seconds += seconds;
		out->stages[i].ends = out->seconds;
	}
	out->cores_needed = out->core_seconds / deadline;
	out->link_needed = out->link_bytes / deadline;
}
