#include "ops/readers.h"

void readers_register(struct runner *r) { (void)r; }
