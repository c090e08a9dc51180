/* The lines that a session has in the log. Private to the proxy folder. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct session;

void journal_begin(struct session *session);
/* A byte was moved, and the log does not know of the session yet. */
void journal_moved(struct session *session);
/* Writes how it goes if that is due. */
void journal_look(struct session *session, uint64_t now);
/* With session->ending. */
void journal_end(struct session *session, uint64_t now);

/* Of one that is over: did its client leave before a byte was moved? */
bool journal_is_empty(struct session *session);
/* Of one whose server was reached. */
uint64_t journal_connect_ms(const struct session *session);
