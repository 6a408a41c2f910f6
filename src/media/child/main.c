/* freehold-media: decodes one picture of a stranger and ends, or becomes the program that decodes a film. Started by media/walls.c, never
 * by a person.
 *
 *   freehold-media film INPUT OUTPUT CPU_S MEMORY_MIB OUTPUT_MIB idle|low|normal walled|alone PROGRAM ARG…
 *
 * sets the limits, brings the walls down and becomes PROGRAM (child/film.h).
 *
 *   freehold-media frames MAX_PIXELS OUTPUT_MIB
 *
 * writes the pictures of an animation (0) to 3, and on 1 "ok FRAMES" or "no FAULT".
 *
 *   freehold-media SHAPE MAX_PIXELS walled|alone      (SHAPE: a word of media/shapes.def; alone: without bubblewrap)
 *
 * Descriptor 0 is the picture, 3 takes what is made of it, one file after the other; lines on 1 tell what happened:
 *   ok BLURHASH                           ("-": none)
 *   NAME WIDTH HEIGHT LENGTH              for each file, the main one first
 * or
 *   no type|pixels|sides|broken|failed
 * The parent believes none of it without looking. */
#include "film.h"
#include "picture.h"
#include "sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const faults[] = {"", "type", "pixels", "sides", "broken", "failed"};

/* No atexit handlers: they may want what the walls forbid. */
static void end(const char *text, int n) { _exit(write(1, text, (size_t)n) == n ? 0 : 3); }

static int frames(char **argv) {
	int written;
	char line[64];
	sandbox_limit(&(struct sandbox_limits){.cpu_s = 120, .memory_mib = 2048, .output_mib = atol(argv[3])});
	picture_start(argv[0]);
	sandbox_close();
	enum picture_fault fault = picture_frames(0, 3, atol(argv[2]), &written);
	end(line, fault ? snprintf(line, sizeof line, "no %s\n", faults[fault]) : snprintf(line, sizeof line, "ok %d\n", written));
	return 3;
}

static void tell(enum picture_fault fault, const struct picture_result *r) {
	char text[1024];
	int n = fault ? snprintf(text, sizeof text, "no %s\n", faults[fault]) : snprintf(text, sizeof text, "ok %s\n", r->hash);
	for (size_t i = 0; !fault && i < r->n; i++)
		n += snprintf(text + n, sizeof text - (size_t)n, "%s %d %d %zu\n", r->files[i].name, r->files[i].width, r->files[i].height,
		              r->files[i].length);
	end(text, n);
}

int main(int argc, char **argv) {
	if (argc > 10 && strcmp(argv[1], "film") == 0)
		return film_become(argv + 2);
	if (argc == 4 && strcmp(argv[1], "frames") == 0)
		return frames(argv);
	if (argc != 4) {
		fputs("freehold-media is a part of freehold and not started by hand\n", stderr);
		return 2;
	}
	struct picture_job job = {.shape = argv[1], .max_pixels = atol(argv[2]), .in = 0, .out = 3};
	struct picture_result r = {.hash = "-"};
	sandbox_limit(&(struct sandbox_limits){
	    .cpu_s = 20, .memory_mib = 2048, .output_mib = 64, .threads = strcmp(argv[3], "walled") == 0 ? SANDBOX_THREADS : 0});
	picture_start(argv[0]);
	sandbox_close();
	tell(picture_make(&job, &r), &r);
	return 3;
}
