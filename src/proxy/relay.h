/* The stages of moving bytes. Private to the proxy folder. */
#pragma once

#include "proxy/session_parts.h"

#include <stdbool.h>
#include <stdint.h>

enum progress relay_bytes(struct session *session);
enum progress relay_expire(struct session *session);
void relay_await(struct session *session);
enum progress relay_finish(struct session *session);
void relay_await_nothing(struct session *session);
/* Is what moved a question, or the answer to one? Bulk takes small steps for those.
 * What comes in pieces, one way, is bulk even while it trickles: taken for small talk,
 * it would keep all bulk to small steps. */
bool relay_is_small_talk(bool was_server_asked, uint64_t in, uint64_t out);
