/* `set server` where a server is. Main only. */
#pragma once

#include <stdbool.h>

struct address;
struct call;
struct server;

void change_place_address(struct call *call, struct server *server, const char *value);
void change_place_name(struct call *call, struct server *server, const char *value);

/* An IP address alone; false: it is none. */
bool change_place_read_ip(const char *text, struct address *address);
/* NULL, or what is wrong with it. */
const char *change_place_read_port(const char *text, unsigned *port);
/* What stands behind the word `port` behind the value; NULL: it is not there. */
const char *change_place_named_port(const struct call *call);
