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
 *   freehold-media WIDTH HEIGHT inside|cover PREVIEW_WIDTH PREVIEW_HEIGHT MAX_PIXELS
 *
 * Descriptor 0 is the picture, 3 takes the result, 4 the preview; one line on 1 tells what happened:
 *   ok TYPE WIDTH HEIGHT PREVIEW_WIDTH PREVIEW_HEIGHT BLURHASH      (BLURHASH is "-" without a preview)
 *   no type|pixels|broken|failed
 * The parent believes none of it without looking. */
#include "film.h"
#include "picture.h"
#include "sandbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const faults[] = {"", "type", "pixels", "broken", "failed"};

/* No atexit handlers: they may want what the walls forbid. */
static void end(const char *line, int n) { _exit(write(1, line, (size_t)n) == n ? 0 : 3); }

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

int main(int argc, char **argv) {
	if (argc > 10 && strcmp(argv[1], "film") == 0)
		return film_become(argv + 2);
	if (argc == 4 && strcmp(argv[1], "frames") == 0)
		return frames(argv);
	if (argc != 7) {
		fputs("freehold-media is a part of freehold and not started by hand\n", stderr);
		return 2;
	}
	struct picture_job job = {
	    .width = atoi(argv[1]),
	    .height = atoi(argv[2]),
	    .cover = strcmp(argv[3], "cover") == 0,
	    .preview_width = atoi(argv[4]),
	    .preview_height = atoi(argv[5]),
	    .max_pixels = atol(argv[6]),
	    .in = 0,
	    .out = 3,
	    .preview_out = 4,
	};
	sandbox_limit(&(struct sandbox_limits){.cpu_s = 20, .memory_mib = 2048, .output_mib = 64});
	picture_start(argv[0]);
	sandbox_close();

	struct picture_result r = {.hash = "-"};
	enum picture_fault fault = picture_make(&job, &r);
	char line[256];
	int n = fault ? snprintf(line, sizeof line, "no %s\n", faults[fault])
	              : snprintf(line, sizeof line, "ok %s %d %d %d %d %s\n", r.type, r.width, r.height, r.preview_width, r.preview_height,
	                         r.hash);
	end(line, n);
}
