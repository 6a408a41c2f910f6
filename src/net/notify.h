/* Tells the service manager how we are (sd_notify(3), without its library). Any thread. */
#ifndef NET_NOTIFY_H
#define NET_NOTIFY_H

/* One state of the protocol: "READY=1", "STOPPING=1", "STATUS=…". Nothing happens when nobody asked by NOTIFY_SOCKET. */
void notify_service(const char *state);

#endif
