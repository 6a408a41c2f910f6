/* The doctor: names every outside party on which this installation depends, whether each answers, what stops the moment it is gone, and
 * what to do about it today. For `freehold doctor` and the owner's page "Independence".
 *
 * To add a party: a row of doctor.def and its two functions in doctor_look.c, doctor_copies.c or doctor_routes.c; for the web client its
 * words in ui/src/i18n. */
#ifndef OPS_DOCTOR_H
#define OPS_DOCTOR_H

#include "base/buf.h"
#include "core/ctx.h"
#include "ops/probe.h"

/* How bad, and what the command's exit status is for the worst of them. */
enum severity { FINE, CARE, BROKEN };
enum { DOCTOR_FINE = 0, DOCTOR_CARE = 1, DOCTOR_BROKEN = 3 };

enum party {
#define PARTY(id, ask, tell, title, stops, today) PARTY_##id,
#include "ops/doctor.def"
#undef PARTY
	PARTY_COUNT
};
enum saying {
#define SAY(id, severity, text) SAY_##id,
#include "ops/doctor.def"
#undef SAY
	SAY_COUNT
};

struct finding {
	enum party party;
	enum saying say;
	struct str name; /* which one: a host, a route without its password; may be empty */
	struct str what; /* as the saying needs them */
	int64_t n;
};

enum { FINDINGS_MAX = 64, ASKED_MAX = 16, DOCTOR_PATIENCE_MS = 5000 };

struct doctor {
	struct ctx *c;             /* db may be NULL: then `trouble` says why */
	const struct err *trouble; /* why the network could not be opened; or NULL */
	int64_t deadline;          /* monotonic ms: nobody outside is waited for any longer */
	struct probe *asked[PARTY_COUNT][ASKED_MAX];
	struct finding findings[FINDINGS_MAX];
	size_t n;
};

/* Asks everybody, all at the same time; takes DOCTOR_PATIENCE_MS at most, beside the database's own time limits. Strings live in the ctx's
 * arena. Pool workers and commands. */
void doctor_run(struct doctor *d, struct ctx *c, const struct err *trouble);
enum severity doctor_worst(const struct doctor *d);

enum severity finding_severity(const struct finding *f);
const char *severity_name(enum severity s); /* "fine", "care", "broken" */
const char *party_id(enum party p);
const char *party_title(enum party p);
const char *party_stops(enum party p);
const char *party_today(enum party p);
const char *saying_id(enum saying s);
/* The saying with its blanks filled in. */
void finding_text(struct buf *out, const struct finding *f);
/* {"status":"fine"|"care"|"broken","findings":[…]}: docs/extensions.md. */
void doctor_json(struct buf *out, const struct doctor *d);

/* ── for doctor_look.c, doctor_copies.c and doctor_routes.c ── */

struct finding *doctor_say(struct doctor *d, enum party party, enum saying say, struct str name);

/* Asks on a thread of its own; p is kept as the party's i-th. */
struct probe *doctor_ask(struct doctor *d, enum party party, int i, struct probe *p, probe_fn fn);
/* A library's words as a part of our sentence: one line, without an end. */
struct str doctor_words(const struct doctor *d, const char *text);
/* Whether it answered, and well; *why says what else, as a part of our sentence. */
bool doctor_answered(struct doctor *d, struct probe *p, struct str *why);

/* First all are asked (of each party up to ASKED_MAX probes may be started), then all tell. */
#define PARTY(id, ask, tell, title, stops, today) \
	void ask(struct doctor *d); \
	void tell(struct doctor *d);
#include "ops/doctor.def"
#undef PARTY

#endif
