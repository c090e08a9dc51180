/* Limits of the whole program, set by an administrator. Main only. `by` says who, for the
 * log. A reload keeps them; the most sessions until the file has another maxconn. */
#pragma once

#include "proxy/throttle.h"

#include <stdbool.h>

struct control;
struct settings;

/* At most what the file and the descriptors allow: false for more. 0: all of that. */
bool limits_set_sessions(struct control *control, unsigned maxconn, const char *by);
/* In a second; 0: no limit. */
void limits_set_rate(struct control *control, enum throttle_kind kind, unsigned most,
                     const char *by);
unsigned limits_rate(const struct control *control, enum throttle_kind kind);

/* For a reload: what the next settings allow. */
void limits_apply(struct control *control, const struct settings *settings);
