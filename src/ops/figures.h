/* Figures as people read and type them. */
#ifndef OPS_FIGURES_H
#define OPS_FIGURES_H

#include "ops/command.h"

/* "1.5 GB", in steps of 1,000. */
void put_size(struct buf *out, double bytes);
/* "1:05:00" or "4:09". */
void put_span(struct buf *out, int64_t seconds);
/* "183,000,000" */
void put_count(struct buf *out, double n);

/* Bytes that a copy of a network needs on a disk, at most: rows with their indexes, files, and what comes beside it. */
double room_of_copy(int64_t rows, double file_bytes);

/* Options; false when what is there is no such figure, and the person was told. *out stays as it is where the option is missing. */
/* A whole number, with K, M, G or T behind it for steps of 1,024. */
bool option_number(struct command_call *call, const char *name, int64_t least, int64_t most, int64_t *out);
/* "90s", "10m", "30h", "2d" */
bool option_seconds(struct command_call *call, const char *name, int64_t *out);
/* "500G", "70TB"; steps of 1,000. */
bool option_bytes(struct command_call *call, const char *name, double *out);
/* Bytes a second: "100MB", or in bits: "10Gbit"; steps of 1,000. */
bool option_rate(struct command_call *call, const char *name, double *out);

#endif
