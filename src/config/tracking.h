/* `track = BACKEND/SERVER`: whose verdict a server shares. */
#pragma once

struct problems;
struct settings;

/* What is tracked must exist, be checked, and not end where it began. */
void tracking_check(const struct settings *settings, struct problems *problems);
