/* A syslog daemon or service manager of the test's own: keeps every datagram that it is
 * sent. */
#pragma once

struct catcher;

/* Lasts as long as the test. */
struct catcher *catcher_open_udp(void);
/* Of a UNIX socket with this path, which may exist already: a daemon started again; "@"
 * begins the name of an abstract one. */
struct catcher *catcher_open_unix(const char *path);
/* Nobody listens there any more. */
void catcher_close(struct catcher *catcher);
/* What `log =` has to say to reach it. */
const char *catcher_target(const struct catcher *catcher);
/* The first datagram with this text, of all up to now; NULL: none. */
const char *catcher_heard(struct catcher *catcher, const char *text);
/* By the order in which they came; NULL: not so many. */
const char *catcher_message(struct catcher *catcher, unsigned number);
