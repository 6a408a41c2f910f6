/* `freehold doctor`, and the same for the owner's page. */
#include "ops/doctor.h"

#include "core/site.h"
#include "gate/gate.h"
#include "ops/command.h"
#include "ops/surfaces.h"

enum { LINE = 78, INDENT = 10 };

enum handled ops_dependencies(struct rq *rq);

enum handled ops_dependencies(struct rq *rq) {
	struct doctor d;
	doctor_run(&d, &rq->c, NULL);
	doctor_json(rq_out(rq), &d);
	return reply_json(rq, 200);
}

/* Columns, not bytes: what continues a character of UTF-8 takes none. */
static size_t width(struct str s) {
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* Words in lines of a terminal of 80 columns, each line but the first behind INDENT blanks. *at is the column. */
static void put_words(struct buf *out, struct str text, size_t *at) {
	while (text.n) {
		struct str word = str_cut(&text, ' ');
		if (*at > INDENT && *at + 1 + width(word) > LINE) {
			buf_printf(out, "\n%*s", INDENT, "");
			*at = INDENT;
		} else if (*at > INDENT) {
			buf_byte(out, ' ');
			*at += 1;
		}
		buf_put(out, word);
		*at += width(word);
	}
}

static void put_line(struct buf *out, const char *head, struct str text) {
	size_t at = INDENT;
	buf_printf(out, "%-*s", INDENT, head);
	put_words(out, text, &at);
	buf_byte(out, '\n');
}

static void put_finding(struct command_call *call, const struct finding *f) {
	static const char *const heads[] = {[FINE] = "  well", [CARE] = "  TO DO", [BROKEN] = "  GONE"};
	BUF_AUTO text = {0};
	buf_printf(&text, "%.*s%s", S_ARG(f->name), f->name.n ? " " : "");
	finding_text(&text, f);
	buf_byte(&text, '.');
	put_line(call->out, heads[finding_severity(f)], buf_str(&text));
}

/* The findings of a party stand together, in the order of the table. */
static void put_report(struct command_call *call, const struct doctor *d) {
	size_t counts[3] = {0};
	buf_lit(call->out, "Whom this network depends on:\n");
	for (size_t i = 0; i < d->n; i++) {
		enum party p = d->findings[i].party;
		counts[finding_severity(&d->findings[i])]++;
		if (i == 0 || d->findings[i - 1].party != p)
			buf_printf(call->out, "\n%s\n", party_title(p));
		put_finding(call, &d->findings[i]);
		if (i + 1 < d->n && d->findings[i + 1].party == p)
			continue;
		put_line(call->out, "  if gone", str_of(party_stops(p)));
		put_line(call->out, "  today", str_of(party_today(p)));
	}
	buf_byte(call->out, '\n');
	if (counts[BROKEN])
		buf_printf(call->out, "%zu gone: see to that first. ", counts[BROKEN]);
	if (counts[CARE])
		buf_printf(call->out, "%zu to do. ", counts[CARE]);
	buf_printf(call->out, counts[BROKEN] || counts[CARE] ? "%zu well.\n" : "All %zu are well.\n", counts[FINE]);
}

int command_doctor(struct command_call *call) {
	static const int statuses[] = {[FINE] = DOCTOR_FINE, [CARE] = DOCTOR_CARE, [BROKEN] = DOCTOR_BROKEN};
	struct doctor d;
	bool json = option_flag(call, "--json");
	if (option_unknown(call) || call->argc != 1)
		return EXIT_USAGE;
	doctor_run(&d, &call->c, call->trouble);
	if (json) {
		doctor_json(call->out, &d);
		buf_byte(call->out, '\n');
	} else {
		put_report(call, &d);
	}
	return statuses[doctor_worst(&d)];
}
