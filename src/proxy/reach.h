/* The stages of finding a server and connecting to it. Private to the proxy folder. */
#pragma once

#include "proxy/session_parts.h"

#include <stdbool.h>

enum progress reach_choose(struct session *session);
enum progress reach_wait(struct session *session);
enum progress reach_wait_expire(struct session *session);
enum progress reach_pause(struct session *session);
enum progress reach_pause_expire(struct session *session);
enum progress reach_server(struct session *session);
enum progress reach_server_expire(struct session *session);
void reach_await_client(struct session *session);
void reach_await_server(struct session *session);

/* Tells the server whom it serves, as its backend wants to know: introduce.c. False: it
 * could not be told. */
bool introduce_client(struct session *session);
