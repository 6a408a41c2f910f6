/* The texts beside a film's bytes: HLS playlists (RFC 8216) and the map of its storyboard (WebVTT). Written by us from what we looked
 * at ourselves, never taken from what decoded the film. All names in them are relative. Pure; any thread. */
#ifndef CORE_PLAYLIST_H
#define CORE_PLAYLIST_H

#include "base/buf.h"
#include "store/media.h"
#include "wire/mp4.h"

/* hls.m3u8: the renditions and captions there are. */
void playlist_master(struct buf *out, const struct media *m);
/* NAME.m3u8: the fragments of NAME.mp4, which is one file. */
void playlist_rendition(struct buf *out, struct str name, const struct mp4_film *film);
/* captions-LANGUAGE.m3u8: the one file as one segment. */
void playlist_captions(struct buf *out, struct str language, double seconds);

/* storyboard.vtt: n tiles of width × height, `columns` in a row of storyboard.webp, one every `every` seconds. */
struct storyboard {
	int n, columns, width, height;
	double every, seconds;
};
void playlist_storyboard(struct buf *out, const struct storyboard *s);

/* "360", "audio": what a rendition's files are called. */
struct str rendition_name(const struct media_rendition *r, char out[12]);

#endif
