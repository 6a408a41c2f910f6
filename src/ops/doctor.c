#include "ops/doctor.h"

#include "api/json.h"
#include "base/clock.h"
#include "base/must.h"

static const struct {
	const char *id;
	void (*ask)(struct doctor *d);
	void (*tell)(struct doctor *d);
	const char *title, *stops, *today;
} parties[PARTY_COUNT] = {
#define PARTY(id, ask, tell, title, stops, today) {#id, ask, tell, title, stops, today},
#include "ops/doctor.def"
#undef PARTY
};

static const struct {
	const char *id;
	enum severity severity;
	const char *text;
} sayings[SAY_COUNT] = {
#define SAY(id, severity, text) {#id, severity, text},
#include "ops/doctor.def"
#undef SAY
};

enum severity finding_severity(const struct finding *f) { return sayings[f->say].severity; }
const char *party_id(enum party p) { return parties[p].id; }
const char *party_title(enum party p) { return parties[p].title; }
const char *party_stops(enum party p) { return parties[p].stops; }
const char *party_today(enum party p) { return parties[p].today; }
const char *saying_id(enum saying s) { return sayings[s].id; }

const char *severity_name(enum severity s) {
	static const char *const names[] = {[FINE] = "fine", [CARE] = "care", [BROKEN] = "broken"};
	return names[s];
}

struct finding *doctor_say(struct doctor *d, enum party party, enum saying say, struct str name) {
	must(d->n < FINDINGS_MAX);
	struct finding *f = &d->findings[d->n++];
	*f = (struct finding){.party = party, .say = say, .name = arena_str(d->c->arena, name)};
	return f;
}

void ask_nobody(struct doctor *d) { (void)d; }

void doctor_run(struct doctor *d, struct ctx *c, const struct err *trouble) {
	*d = (struct doctor){.c = c, .trouble = trouble, .deadline = clock_mono_ms() + DOCTOR_PATIENCE_MS};
	for (int p = 0; p < PARTY_COUNT; p++)
		parties[p].ask(d);
	for (int p = 0; p < PARTY_COUNT; p++)
		parties[p].tell(d);
	for (int p = 0; p < PARTY_COUNT; p++)
		for (int i = 0; i < ASKED_MAX; i++)
			probe_free(&d->asked[p][i]);
}

enum severity doctor_worst(const struct doctor *d) {
	enum severity worst = FINE;
	for (size_t i = 0; i < d->n; i++)
		if (finding_severity(&d->findings[i]) > worst)
			worst = finding_severity(&d->findings[i]);
	return worst;
}

void finding_text(struct buf *out, const struct finding *f) {
	struct str rest = str_of(sayings[f->say].text);
	while (rest.n) {
		struct str plain = str_cut(&rest, '{');
		buf_put(out, plain);
		if (!rest.n)
			return;
		struct str blank = str_cut(&rest, '}');
		if (str_eq(blank, S("n")))
			buf_i64(out, f->n);
		else
			buf_put(out, f->what);
	}
}

static void put_finding(struct buf *out, const struct finding *f) {
	BUF_AUTO text = {0};
	finding_text(&text, f);
	buf_byte(out, '{');
	json_text(out, "party", str_of(party_id(f->party)));
	json_text(out, "name", f->name);
	json_text(out, "severity", str_of(severity_name(finding_severity(f))));
	json_text(out, "saying", str_of(saying_id(f->say)));
	json_i64(out, "n", f->n);
	json_text(out, "what", f->what);
	json_text(out, "title", str_of(party_title(f->party)));
	json_text(out, "text", buf_str(&text));
	json_text(out, "stops", str_of(party_stops(f->party)));
	json_text(out, "today", str_of(party_today(f->party)));
	buf_byte(out, '}');
}

void doctor_json(struct buf *out, const struct doctor *d) {
	buf_byte(out, '{');
	json_text(out, "status", str_of(severity_name(doctor_worst(d))));
	json_key(out, "findings");
	buf_byte(out, '[');
	for (size_t i = 0; i < d->n; i++) {
		if (i)
			buf_byte(out, ',');
		put_finding(out, &d->findings[i]);
	}
	buf_lit(out, "]}");
}
