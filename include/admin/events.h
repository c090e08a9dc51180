/* What main decided lately: its own lines of the log, the last ones kept. Main only. */
#pragma once

#include <stdint.h>

struct buffer;
struct events;

/* Listens to the log from now on. */
struct events *events_create(void);
/* NULL is fine. */
void events_destroy(struct events *events);
/* What comes from now on is not of the start any more. */
void events_end_start(struct events *events);

/* The number that the next event will have; the first has 0. */
uint64_t events_next(const struct events *events);
/* That of the oldest that is kept. */
uint64_t events_oldest(const struct events *events);
/* Writes the events from this number on, as far as they are kept. */
void events_write(const struct events *events, uint64_t from, struct buffer *out);
/* Warnings and errors of the start. */
void events_write_start(const struct events *events, struct buffer *out);
