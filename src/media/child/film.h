/* The way to ffmpeg: limits, low priority, walls, then this process is it. */
#ifndef MEDIA_CHILD_FILM_H
#define MEDIA_CHILD_FILM_H

/* args: INPUT OUTPUT CPU_S MEMORY_MIB OUTPUT_MIB idle|low|normal walled|alone PROGRAM ARG…, NULL-terminated. Returns an exit status only
 * when the program cannot be started. alone: there is no bubblewrap around us. */
int film_become(char **args);

#endif
