#include "base/log.h"
#include "base/must.h"
#include "store/engine.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static char *joined(struct str dir, struct str file) {
	char *path = xmalloc(dir.n + file.n + 2);
	if (file.n && file.p[0] == '/')
		dir.n = 0;
	sprintf(path, "%.*s%s%.*s", S_ARG(dir), dir.n ? "/" : "", S_ARG(file));
	return path;
}

static err parse(struct store *s, struct str url, struct str data_dir) {
	struct str file = str_skip(url, sizeof "sqlite:" - 1);
	if (str_starts(url, S("sqlite:")) && file.n) {
		s->engine = ENGINE_SQLITE;
		s->ops = &sqlite_ops;
		s->place = joined(data_dir, file);
		return NULL;
	}
	if (str_starts(url, S("postgres://")) || str_starts(url, S("postgresql://"))) {
		s->engine = ENGINE_POSTGRES;
		s->ops = &postgres_ops;
		s->place = joined(STR_NONE, url);
		return NULL;
	}
	return err_public(ERR_INVALID, "database.url must be sqlite:FILE or postgres://…");
}

static err ready(struct store *s) {
	if (s->ops->init)
		s->ops->init(s);
	if (mkdir(s->data_dir, 0700) && errno != EEXIST)
		return err_private(ERR_UNAVAILABLE, "%s: %m", s->data_dir);
	TRY(migrate(s));
	return s->ops->start(s);
}

err store_open(struct store **out, struct str url, struct str data_dir) {
	*out = NULL;
	struct store *s = xcalloc(1, sizeof *s);
	s->data_dir = joined(STR_NONE, data_dir);
	err e = parse(s, url, data_dir);
	if (!e)
		e = ready(s);
	if (e)
		store_close(&s);
	*out = s;
	return e;
}

void store_close(struct store **out) {
	struct store *s = *out;
	if (!s)
		return;
	if (s->ops)
		s->ops->stop(s);
	free(s->place);
	free(s->data_dir);
	free(s);
	*out = NULL;
}

enum engine store_engine(const struct store *s) { return s->engine; }
