#include "store/app.h"

static err read_one(struct arena *a, struct rows *r, struct app_row *out, bool *found) {
	*found = rows_next(r);
	if (*found)
		*out = (struct app_row){
		    .id = rows_i64(r, 0),
		    .client_id = rows_copy(r, 1, a),
		    .secret_hash = rows_copy(r, 2, a),
		    .name = rows_copy(r, 3, a),
		    .website = rows_copy(r, 4, a),
		    .redirect_uris = rows_copy(r, 5, a),
		    .scopes = rows_i64(r, 6),
		};
	return rows_err(r);
}

err store_app_by_id(struct arena *a, struct db *db, int64_t id, struct app_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, APP_BY_ID, I(id)));
	return read_one(a, r, out, found);
}

err store_app_by_client(struct arena *a, struct db *db, struct str client_id, struct app_row *out, bool *found) {
	struct ROWS_AUTO *r = NULL;
	TRY(db_query(db, &r, APP_BY_CLIENT, T(client_id)));
	return read_one(a, r, out, found);
}

err store_app_insert(struct tx *tx, const struct app_row *p) {
	return db_exec(tx_db(tx), APP_INSERT, I(p->id), T(p->client_id), B(p->secret_hash), T(p->name), T_OR_NUL(p->website),
	               T(p->redirect_uris), I(p->scopes));
}
