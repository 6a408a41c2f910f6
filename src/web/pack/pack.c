/* Build tool: puts the built web client into the program.
 *
 *   pack DIST PAGE.css PICTURES OUT.c OUT.bin OUT.d
 *
 * DIST/manifest.json names the entry ({"js","css","preload":[…],"fonts":[…]}); all other files of DIST go in under their own paths, the
 * stylesheet of the public pages as assets/page-HASH.css, the demo's PICTURES under demo/. OUT.bin holds each file plain and, where that is
 * smaller, as br, zstd and gzip; OUT.c is the table (web/pack/table.h); OUT.d tells ninja what was read. A missing DIST is no mistake: then
 * only the stylesheet goes in. */
#include "base/buf.h"
#include "base/must.h"

#include <brotli/encode.h>
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zstd.h>

struct file {
	char path[512]; /* inside the program */
	struct str bytes;
};

enum { FILES_MOST = 4096 };

struct pack {
	struct file files[FILES_MOST];
	size_t count;
	struct buf read_names; /* for OUT.d */
};

_Noreturn static void fail(const char *what, const char *name) {
	fprintf(stderr, "pack: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

/* NULL when it is not there. */
static FILE *open_named(const char *name, const char *mode) {
	FILE *f = fopen(name, mode);
	if (!f && (errno != ENOENT || *mode == 'w'))
		fail("cannot open", name);
	return f;
}

static bool slurp(const char *name, struct str *out) {
	struct buf b = {0};
	FILE *f = open_named(name, "rb");
	if (!f)
		return false;
	for (size_t n = 1; n;) {
		buf_reserve(&b, 65536);
		n = fread(b.p + b.n, 1, 65536, f);
		b.n += n;
	}
	if (ferror(f))
		fail("cannot read", name);
	fclose(f);
	*out = buf_str(&b);
	return true;
}

static bool read_input(struct pack *p, const char *name, struct str *out) {
	buf_printf(&p->read_names, " %s", name);
	return slurp(name, out);
}

static void add(struct pack *p, const char *prefix, const char *path, struct str bytes) {
	must(p->count < FILES_MOST);
	struct file *f = &p->files[p->count++];
	must((size_t)snprintf(f->path, sizeof f->path, "%s%s", prefix, path) < sizeof f->path);
	f->bytes = bytes;
}

/* The files of a folder and of those in it; prefix goes before their paths. */
static void walk(struct pack *p, const char *dist, const char *inside, const char *prefix) {
	char name[1024], path[512];
	snprintf(name, sizeof name, "%s/%s", dist, inside);
	DIR *d = opendir(name);
	if (!d)
		return;
	for (struct dirent *entry; (entry = readdir(d));) {
		struct stat st;
		struct str bytes;
		if (entry->d_name[0] == '.')
			continue;
		must((size_t)snprintf(path, sizeof path, "%s%s%s", inside, *inside ? "/" : "", entry->d_name) < sizeof path);
		must((size_t)snprintf(name, sizeof name, "%s/%s", dist, path) < sizeof name);
		if (stat(name, &st) != 0)
			fail("cannot look at", name);
		if (S_ISDIR(st.st_mode))
			walk(p, dist, path, prefix);
		else if (strcmp(path, "manifest.json") != 0 && read_input(p, name, &bytes))
			add(p, prefix, path, bytes);
	}
	closedir(d);
}

static int by_path(const void *a, const void *b) { return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path); }

static const char *type_of(const char *path) {
	static const char *const types[][2] = {
	    {".js", "text/javascript; charset=utf-8"},
	    {".css", "text/css; charset=utf-8"},
	    {".svg", "image/svg+xml"},
	    {".png", "image/png"},
	    {".webp", "image/webp"},
	    {".jpg", "image/jpeg"},
	    {".ico", "image/x-icon"},
	    {".woff2", "font/woff2"},
	    {".json", "application/json"},
	    {".map", "application/json"},
	    {".wasm", "application/wasm"},
	    {".html", "text/html; charset=utf-8"},
	    {".txt", "text/plain; charset=utf-8"},
	};
	const char *dot = strrchr(path, '.');
	for (size_t i = 0; dot && i < sizeof types / sizeof *types; i++)
		if (strcmp(dot, types[i][0]) == 0)
			return types[i][1];
	return "application/octet-stream";
}

/* ── packing: a form that saves less than a tenth is not worth its place ── */

static bool worth(size_t packed, size_t plain) { return packed && packed < plain - plain / 10; }

static struct str brotli(struct str s) {
	size_t n = BrotliEncoderMaxCompressedSize(s.n);
	unsigned char *out = xmalloc(n);
	must(BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_GENERIC, s.n, (const unsigned char *)s.p, &n,
	                           out));
	return worth(n, s.n) ? str_mem(out, n) : STR_NONE;
}

static struct str zstd(struct str s) {
	size_t room = ZSTD_compressBound(s.n);
	void *out = xmalloc(room);
	size_t n = ZSTD_compress(out, room, s.p, s.n, 19);
	must(!ZSTD_isError(n));
	return worth(n, s.n) ? str_mem(out, n) : STR_NONE;
}

static struct str gzip(struct str s) {
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(12);
	must(c);
	size_t room = libdeflate_gzip_compress_bound(c, s.n);
	void *out = xmalloc(room);
	size_t n = libdeflate_gzip_compress(c, s.p, s.n, out, room);
	libdeflate_free_compressor(c);
	return worth(n, s.n) ? str_mem(out, n) : STR_NONE;
}

/* ── writing ── */

static void put_slice(struct buf *c, struct buf *bin, struct str s) {
	if (s.n)
		buf_printf(c, ", {asset_bytes + %zu, %zu}", bin->n, s.n);
	else
		buf_lit(c, ", {0, 0}");
	buf_put(bin, s);
}

static void put_file(struct buf *c, struct buf *bin, const struct file *f) {
	const char *type = type_of(f->path);
	bool text = strncmp(type, "image/", 6) != 0 || strstr(type, "svg");
	text = text && strcmp(type, "font/woff2") != 0 && f->bytes.n > 200;
	buf_printf(c, "\t{\"%s\", \"%s\", \"\\\"%016llx\\\"\"", f->path, type, (unsigned long long)str_hash(f->bytes));
	put_slice(c, bin, f->bytes);
	put_slice(c, bin, text ? brotli(f->bytes) : STR_NONE);
	put_slice(c, bin, text ? zstd(f->bytes) : STR_NONE);
	put_slice(c, bin, text ? gzip(f->bytes) : STR_NONE);
	buf_lit(c, "},\n");
}

static void put_names(struct buf *c, json_t *names) {
	size_t i;
	json_t *name;
	buf_lit(c, "(const char *const[]){");
	json_array_foreach(names, i, name) buf_printf(c, "\"%s\", ", json_string_value(name));
	buf_lit(c, "0}");
}

static void put_name(struct buf *c, json_t *manifest, const char *member) {
	const char *name = json_string_value(json_object_get(manifest, member));
	if (name)
		buf_printf(c, "\"%s\", ", name);
	else
		buf_lit(c, "0, ");
}

static void put_shell(struct buf *c, json_t *manifest, const char *page_css) {
	buf_lit(c, "const struct asset_shell asset_shell = {");
	put_name(c, manifest, "js");
	put_name(c, manifest, "css");
	put_names(c, json_object_get(manifest, "preload"));
	buf_lit(c, ", ");
	put_names(c, json_object_get(manifest, "fonts"));
	buf_printf(c, ", \"%s\"};\n", page_css);
}

/* What is the same already stays untouched, so that nothing behind it is built again. */
static void write_named(const char *name, struct str s) {
	struct str there;
	if (slurp(name, &there) && str_eq(there, s))
		return;
	FILE *f = open_named(name, "wb");
	if (fwrite(s.p, 1, s.n, f) != s.n || fclose(f) != 0)
		fail("cannot write", name);
}

int main(int argc, char **argv) {
	if (argc != 7)
		return 2;
	const char *dist = argv[1];
	char name[1024], page_path[64];
	struct str css, text = STR_NONE;
	struct buf c = {0}, bin = {0}, d = {0};
	struct pack *p = xcalloc(1, sizeof *p);
	if (!read_input(p, argv[2], &css))
		fail("cannot open", argv[2]);
	snprintf(page_path, sizeof page_path, "assets/page-%08llx.css", (unsigned long long)str_hash(css) & 0xffffffff);
	snprintf(name, sizeof name, "%s/manifest.json", dist);
	json_t *manifest = read_input(p, name, &text) ? json_loadb(text.p, text.n, 0, NULL) : NULL;
	if (text.n && !manifest)
		fail("cannot understand", name);
	if (manifest)
		walk(p, dist, "", "");
	walk(p, argv[3], "", "demo/");
	add(p, "", page_path, css);
	qsort(p->files, p->count, sizeof *p->files, by_path);

	struct buf table = {0};
	for (size_t i = 0; i < p->count; i++)
		put_file(&table, &bin, &p->files[i]);
	write_named(argv[5], buf_str(&bin));
	char whole[4096];
	if (!realpath(argv[5], whole))
		fail("cannot find", argv[5]);
	buf_lit(&c, "#include \"web/pack/table.h\"\n\n");
	buf_printf(&c,
	           "__asm__(\".section .rodata\\n.balign 16\\n.globl asset_bytes\\n.hidden asset_bytes\\nasset_bytes:\\n"
	           ".incbin \\\"%s\\\"\\n.byte 0\\n.previous\\n\");\n",
	           whole);
	buf_lit(&c, "extern const char asset_bytes[] __attribute__((visibility(\"hidden\")));\n\nconst struct asset asset_table[] = {\n");
	buf_put(&c, buf_str(&table));
	buf_printf(&c, "};\nconst size_t asset_count = %zu;\n", p->count);
	put_shell(&c, manifest, page_path);
	write_named(argv[4], buf_str(&c));
	buf_printf(&d, "%s:%.*s\n", argv[4], S_ARG(buf_str(&p->read_names)));
	write_named(argv[6], buf_str(&d));
	json_decref(manifest);
	return 0;
}
