/* What is said and heard over a connection that stands, step by step. Main only.
 *
 * Memory is taken as it is needed, up to PROBE_SAID_MOST and PROBE_HEARD_MOST. */
#pragma once

#include "health/probe_kind.h"

struct conn;
struct dialogue;

/* Of a kind that judges. All is borrowed. */
struct dialogue *dialogue_create(const struct probe_kind *kind,
                                 const struct check_settings *settings,
                                 const struct question *question);
/* NULL is fine. */
void dialogue_destroy(struct dialogue *dialogue);

/* Says and hears what can be now. PENDING: goes on when the conn is ready for what
 * dialogue_events says. */
struct verdict dialogue_go_on(struct dialogue *dialogue, struct conn *conn);
int dialogue_events(const struct dialogue *dialogue);
/* Time is over. */
struct verdict dialogue_end_late(const struct dialogue *dialogue);
