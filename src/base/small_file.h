/* Files of a few lines, as those with keys and passwords are. Any thread. */
#ifndef BASE_SMALL_FILE_H
#define BASE_SMALL_FILE_H

#include "base/str.h"

#include <sys/types.h>

/* What it begins with, at most `most` bytes, into the caller's buffer. < 0: it cannot be read, errno says why. */
ssize_t small_file_read(const char *path, char *into, size_t most);

#endif
