/* The two clocks. Wall time may jump; deadlines and durations use the monotonic one. Any thread. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

int64_t clock_ms(void);      /* wall time, milliseconds since 1970 UTC */
int64_t clock_mono_ms(void); /* monotonic, milliseconds from an arbitrary point */
int64_t clock_mono_ns(void);

#endif
