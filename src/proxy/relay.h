/* The stages of moving bytes. Private to the proxy folder. */
#pragma once

#include "proxy/session_parts.h"

enum progress relay_bytes(struct session *session);
enum progress relay_expire(struct session *session);
void relay_await(struct session *session);
enum progress relay_finish(struct session *session);
void relay_await_nothing(struct session *session);
