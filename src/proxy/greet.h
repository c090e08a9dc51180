/* The stage before a server is chosen. Private to the proxy folder. */
#pragma once

#include "proxy/session_parts.h"

enum progress greet_client(struct session *session);
enum progress greet_expire(struct session *session);
void greet_await(struct session *session);

/* A PROXY header from who may not send one: stranger.c. AGAIN: none comes, go on. */
enum progress stranger_hear(struct session *session);
