/* Tells systemd where the start is: the one datagram of sd_notify(3), without its library. Nothing happens without NOTIFY_SOCKET. */
#ifndef OPS_NOTIFY_H
#define OPS_NOTIFY_H

/* state: "READY=1", "STOPPING=1". */
void notify_systemd(const char *state);

#endif
