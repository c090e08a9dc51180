/* An overview as JSON, for scripts. Pure. */
#pragma once

#include "usherctl/overview.h"

/* One document: {"usher":{...},"rows":[...]} and a line end. */
void overview_json_write(const struct overview *overview, struct buffer *out);
