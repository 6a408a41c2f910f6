#include "store/lease.h"

struct take {
	struct str name, holder;
	int64_t ms;
	bool held;
};

static err take(struct tx *tx, void *arg) {
	struct take *x = arg;
	int64_t changed;
	TRY(db_exec_changed(tx_db(tx), &changed, LEASE_TAKE, T(x->name), T(x->holder), I(x->ms)));
	x->held = changed == 1;
	return NULL;
}

err store_lease_take(struct db *db, struct str name, struct str holder, int64_t ms, bool *held) {
	struct take x = {name, holder, ms, false};
	*held = false;
	TRY(tx_run(db, take, &x));
	*held = x.held;
	return NULL;
}

err store_lease_held(struct db *db, struct str name, bool *held) {
	int64_t n;
	TRY(db_i64(db, &n, NULL, LEASE_HELD, T(name)));
	*held = n > 0;
	return NULL;
}

static err give_up(struct tx *tx, void *arg) { return db_exec(tx_db(tx), LEASE_GIVE_UP, T(*(const struct str *)arg)); }

err store_lease_give_up(struct db *db, struct str holder) { return tx_run(db, give_up, &holder); }
