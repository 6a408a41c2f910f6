/* Power loss under SQLite: writers in a child process, on a file system that keeps what was synced and, of everything else,
 * whatever chance leaves: whole writes, pieces of them, none. What was acknowledged must be there afterwards.
 *
 * The file system is a VFS over SQLite's own: each file lives in memory and reaches the disk at xSync, which is when the
 * writes since the last xSync stop being at the mercy of the power. */
#include "base/clock.h"
#include "base/vec.h"
#include "unit.h"

#include <pthread.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum { WRITERS = 32, NUMBERS_MAX = 200000, SECTOR = 512 };

static unsigned seed;
static int rounds = 3;

/* ── the file system ─────────────────────────────────────────────────────────────────────────────────────────────── */

/* A write (or, with no bytes, a change of size) that has not been synced. */
struct change {
	sqlite3_int64 at;
	size_t n;
	char *bytes;
};

/* One file, whoever has it open. */
struct disk {
	char path[256];
	char *image;
	sqlite3_int64 size;
	VEC(struct change) unsynced;
};

struct file {
	sqlite3_file base;
	struct disk *disk; /* NULL: temporary files are not our matter */
	sqlite3_file *under;
};

static sqlite3_vfs *under;
static struct disk disks[8];
static int disks_n;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* held for good once the power is off */

static struct file *file_of(sqlite3_file *f) { return (struct file *)f; }

static void resize(struct disk *d, sqlite3_int64 size) {
	d->image = xrealloc(d->image, (size_t)(size ? size : 1));
	if (size > d->size)
		memset(d->image + d->size, 0, (size_t)(size - d->size));
	d->size = size;
}

static int disk_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at) {
	pthread_mutex_lock(&lock);
	const struct disk *d = file_of(f)->disk;
	sqlite3_int64 there = at < d->size ? d->size - at : 0;
	int have = there < n ? (int)there : n;
	memcpy(to, d->image + at, (size_t)have);
	memset((char *)to + have, 0, (size_t)(n - have));
	pthread_mutex_unlock(&lock);
	return have < n ? SQLITE_IOERR_SHORT_READ : SQLITE_OK;
}

static int disk_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at) {
	pthread_mutex_lock(&lock);
	struct disk *d = file_of(f)->disk;
	struct change c = {at, (size_t)n, xmalloc((size_t)n)};
	memcpy(c.bytes, from, (size_t)n);
	vec_push(NULL, &d->unsynced, c);
	if (at + n > d->size)
		resize(d, at + n);
	memcpy(d->image + at, from, (size_t)n);
	pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

static int disk_truncate(sqlite3_file *f, sqlite3_int64 size) {
	pthread_mutex_lock(&lock);
	vec_push(NULL, &file_of(f)->disk->unsynced, ((struct change){.at = size}));
	resize(file_of(f)->disk, size);
	pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

static void reach_disk(sqlite3_file *real, const struct change *c, size_t from, size_t n) {
	if (!c->bytes)
		must(!real->pMethods->xTruncate(real, c->at));
	else if (n)
		must(!real->pMethods->xWrite(real, c->bytes + from, (int)n, c->at + (sqlite3_int64)from));
}

static void forget(struct disk *d) {
	for (size_t i = 0; i < d->unsynced.n; i++)
		free(d->unsynced.v[i].bytes);
	vec_clear(&d->unsynced);
}

static int disk_sync(sqlite3_file *f, int flags) {
	pthread_mutex_lock(&lock);
	struct file *file = file_of(f);
	for (size_t i = 0; i < file->disk->unsynced.n; i++)
		reach_disk(file->under, &file->disk->unsynced.v[i], 0, file->disk->unsynced.v[i].n);
	forget(file->disk);
	pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

/* No thread gets any further. The disk had begun with some of the writes, in any order, and tore some of them between sectors. */
static void cut_power(void) {
	pthread_mutex_lock(&lock);
	for (int k = 0; k < disks_n; k++) {
		struct disk *d = &disks[k];
		sqlite3_file *real = xcalloc(1, (size_t)under->szOsFile);
		int flags = SQLITE_OPEN_READWRITE | (strstr(d->path, "-wal") ? SQLITE_OPEN_WAL : SQLITE_OPEN_MAIN_DB);
		must(!under->xOpen(under, d->path, real, flags, &flags));
		for (size_t i = 0; i < d->unsynced.n; i++) {
			const struct change *c = &d->unsynced.v[i];
			int fate = rand_r(&seed) % 3;
			size_t sectors = c->n / SECTOR, kept = fate == 1 && sectors ? (size_t)rand_r(&seed) % sectors * SECTOR : c->n;
			if (fate)
				reach_disk(real, c, 0, kept);
		}
	}
}

static int disk_size(sqlite3_file *f, sqlite3_int64 *size) {
	pthread_mutex_lock(&lock);
	*size = file_of(f)->disk->size;
	pthread_mutex_unlock(&lock);
	return SQLITE_OK;
}

/* The rest is the business of the file under it. */
static int disk_close(sqlite3_file *f) { return file_of(f)->under->pMethods->xClose(file_of(f)->under); }
static int disk_lock(sqlite3_file *f, int how) { return file_of(f)->under->pMethods->xLock(file_of(f)->under, how); }
static int disk_unlock(sqlite3_file *f, int how) { return file_of(f)->under->pMethods->xUnlock(file_of(f)->under, how); }
static int disk_reserved(sqlite3_file *f, int *out) { return file_of(f)->under->pMethods->xCheckReservedLock(file_of(f)->under, out); }
static int disk_control(sqlite3_file *f, int op, void *arg) { return SQLITE_NOTFOUND; }
static int disk_sector(sqlite3_file *f) { return SECTOR; }
static int disk_traits(sqlite3_file *f) { return 0; }
static int disk_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **out) {
	return file_of(f)->under->pMethods->xShmMap(file_of(f)->under, page, size, extend, out);
}
static int disk_shm_lock(sqlite3_file *f, int at, int n, int flags) {
	return file_of(f)->under->pMethods->xShmLock(file_of(f)->under, at, n, flags);
}
static void disk_shm_barrier(sqlite3_file *f) { file_of(f)->under->pMethods->xShmBarrier(file_of(f)->under); }
static int disk_shm_unmap(sqlite3_file *f, int gone) { return file_of(f)->under->pMethods->xShmUnmap(file_of(f)->under, gone); }

static sqlite3_io_methods methods = {
    2,           disk_close,   disk_read,     disk_write,       disk_truncate,  disk_sync,
    disk_size,   disk_lock,    disk_unlock,   disk_reserved,    disk_control,   disk_sector,
    disk_traits, disk_shm_map, disk_shm_lock, disk_shm_barrier, disk_shm_unmap, NULL,
    NULL,
};

static struct disk *disk_named(const char *path, sqlite3_file *real) {
	for (int i = 0; i < disks_n; i++)
		if (!strcmp(disks[i].path, path))
			return &disks[i];
	must(disks_n < 8);
	struct disk *d = &disks[disks_n++];
	snprintf(d->path, sizeof d->path, "%s", path);
	must(!real->pMethods->xFileSize(real, &d->size));
	d->image = xmalloc((size_t)d->size + 1);
	must(!d->size || !real->pMethods->xRead(real, d->image, (int)d->size, 0));
	return d;
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *f, int flags, int *out) {
	if (!(flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL)))
		return under->xOpen(under, path, f, flags, out);
	struct file *file = file_of(f);
	memset(file, 0, sizeof *file);
	file->under = (sqlite3_file *)((char *)f + sizeof *file);
	int rc = under->xOpen(under, path, file->under, flags, out);
	if (rc)
		return rc;
	pthread_mutex_lock(&lock);
	file->disk = disk_named(path, file->under);
	pthread_mutex_unlock(&lock);
	file->base.pMethods = &methods;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync) {
	pthread_mutex_lock(&lock);
	for (int i = 0; i < disks_n; i++)
		if (!strcmp(disks[i].path, path)) {
			forget(&disks[i]);
			resize(&disks[i], 0);
		}
	pthread_mutex_unlock(&lock);
	return under->xDelete(under, path, sync);
}

static void mount(void) {
	static sqlite3_vfs vfs;
	under = sqlite3_vfs_find(NULL);
	vfs = *under;
	vfs.zName = "mortal";
	vfs.szOsFile = (int)sizeof(struct file) + under->szOsFile;
	vfs.xOpen = vfs_open;
	vfs.xDelete = vfs_delete;
	must(!sqlite3_vfs_register(&vfs, 1));
}

/* ── what was acknowledged ───────────────────────────────────────────────────────────────────────────────────────── */

/* Shared with the parent: numbers whose transactions had been acknowledged when the power went. */
static struct {
	_Atomic int next, acknowledged;
	_Atomic bool done[NUMBERS_MAX];
} * shared;

static struct store *store;

static err write_number(struct tx *tx, void *arg) {
	char key[32];
	snprintf(key, sizeof key, "number %d", *(const int *)arg);
	TRY(tx_journal(tx, J_SITE_CHANGED, *(const int *)arg, 0, 0));
	return db_exec(tx_db(tx), SITE_SET, T(str_of(key)), T(S("a value long enough to fill pages quickly, so that checkpoints happen")));
}

static void *writer(void *arg) {
	struct db *db;
	must(!db_open(&db, store));
	for (int n; (n = shared->next++) < NUMBERS_MAX;)
		if (!tx_run(db, write_number, &n)) {
			shared->done[n] = true;
			shared->acknowledged++;
		}
	return NULL;
}

static void write_until_the_power_goes(void) {
	mount();
	must(!store_open(&store, S("sqlite:freehold.db"), str_of(test_folder())));
	for (int i = 0; i < WRITERS; i++) {
		pthread_t t;
		must(!pthread_create(&t, NULL, writer, NULL));
	}
	while (!shared->acknowledged)
		usleep(1000);
	usleep((unsigned)rand_r(&seed) % 400000);
	cut_power();
	_exit(0);
}

static int wrong(sqlite3 *h, const char *sql) {
	sqlite3_stmt *stmt;
	must(!sqlite3_prepare_v2(h, sql, -1, &stmt, NULL));
	int n = sqlite3_step(stmt) == SQLITE_ROW ? sqlite3_column_int(stmt, 0) : -1;
	sqlite3_finalize(stmt);
	return n;
}

static void assert_whole(void) {
	char path[128], sql[160];
	snprintf(path, sizeof path, "%s/freehold.db", test_folder());
	sqlite3 *h;
	must(!sqlite3_open(path, &h));
	assert_int_equal(wrong(h, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
	int acknowledged = 0;
	for (int n = 0; n < shared->next && n < NUMBERS_MAX; n++) {
		snprintf(sql, sizeof sql, "SELECT count(*) FROM site WHERE key = 'number %d'", n);
		if (shared->done[n])
			assert_int_equal(wrong(h, sql), 1);
		acknowledged += shared->done[n];
	}
	assert_true(acknowledged > 0);
	/* Each transaction is there whole: its row, its entry, its image. */
	assert_int_equal(wrong(h, "SELECT count(*) FROM journal WHERE kind > 0 AND seq NOT IN (SELECT seq FROM change)"), 0);
	assert_int_equal(wrong(h, "SELECT (SELECT count(*) FROM site WHERE key LIKE 'number %') - (SELECT count(*) FROM journal)"), 0);
	sqlite3_close(h);
	print_message("%d of %d transactions had been acknowledged\n", acknowledged, (int)shared->next);
}

static void no_acknowledged_transaction_is_lost_with_the_power(void **state) {
	for (int i = 0; i < rounds; i++) {
		seed += 7919;
		print_message("seed %u\n", seed);
		memset(shared, 0, sizeof *shared);
		pid_t pid = fork();
		if (!pid)
			write_until_the_power_goes();
		int status;
		waitpid(pid, &status, 0);
		assert_int_equal(status, 0);
		assert_whole();
		test_folder_empty();
	}
}

/* A file system that loses nothing would prove nothing. */
static void what_is_not_synced_is_lost(void **state) {
	pid_t pid = fork();
	if (!pid) {
		mount();
		char path[128];
		snprintf(path, sizeof path, "%s/careless.db", test_folder());
		sqlite3 *h;
		must(!sqlite3_open(path, &h));
		must(!sqlite3_exec(h, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (x); PRAGMA synchronous=OFF", NULL,
		                   NULL, NULL));
		for (int i = 0; i < 200; i++)
			must(!sqlite3_exec(h, "INSERT INTO t VALUES (hex(randomblob(2000)))", NULL, NULL, NULL));
		cut_power();
		_exit(0);
	}
	int status;
	waitpid(pid, &status, 0);
	char path[128];
	snprintf(path, sizeof path, "%s/careless.db", test_folder());
	sqlite3 *h;
	must(!sqlite3_open(path, &h));
	assert_true(wrong(h, "SELECT count(*) FROM t") < 200);
	sqlite3_close(h);
}

int main(void) {
	seed = getenv("SEED") ? (unsigned)atoi(getenv("SEED")) : (unsigned)clock_ms();
	if (getenv("LONG") && *getenv("LONG"))
		rounds *= 20;
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	must(shared != MAP_FAILED);
	test_folder();
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_not_synced_is_lost),
	    cmocka_unit_test(no_acknowledged_transaction_is_lost_with_the_power),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	test_folder_remove();
	return failed;
}
