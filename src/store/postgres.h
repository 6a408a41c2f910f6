/* The PostgreSQL engine's connection as bulk loads see it. Inside store/ only. */
#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include "store/engine.h"

struct pg_conn; /* libpq's PGconn and PGresult */
struct pg_result;

struct pg_conn *postgres_handle(const struct db *db);
/* The error that a result (NULL: none came) stands for. */
err postgres_failure(struct db *db, const struct pg_result *res, const char *what);

#endif
