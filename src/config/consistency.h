/* What no key can know alone: names that must exist, addresses that must differ. */
#pragma once

struct problems;
struct settings;

/* Reports problems, and, when there are none at all, what is worth a warning. */
void consistency_check(const struct settings *settings, struct problems *problems);
