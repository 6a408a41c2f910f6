/* What a home of a network says of itself in the header Freehold-Epoch: "N PROOF". N: how often the network changed its home (without
 * leading zeros); PROOF: 24 bytes as base64url, which only homes of this network can make (core/secret.h). No I/O. Any thread. */
#ifndef WIRE_EPOCH_H
#define WIRE_EPOCH_H

#include "base/str.h"

#define EPOCH_HEADER "Freehold-Epoch"
enum { EPOCH_PROOF = 32 /* characters */ };

/* False for anything else. proof is a view; whether it is a true one is not looked at. */
bool epoch_read(struct str text, int64_t *number, struct str *proof);

#endif
