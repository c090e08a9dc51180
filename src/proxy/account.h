/* What a session leaves behind: counters and lines. Private to the proxy folder. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct session;

void account_begin(struct session *session);
/* Of the TLS handshake with the client. */
void account_handshake_begun(struct session *session);
void account_handshake_over(struct session *session, bool is_done);
void account_routed(struct session *session);
void account_queued(struct session *session);
void account_chosen(struct session *session);
/* `is_last`: no other server is going to be tried. */
void account_failed_connect(struct session *session, bool is_last);
void account_failed_handshake(struct session *session);
void account_reached(struct session *session);
void account_moved(struct session *session, uint64_t in, uint64_t out);
void account_end(struct session *session);
