/* Programs that the configuration wants to be run: allowed, there, and to be run? */
#pragma once

struct problems;
struct settings;

void running_check(const struct settings *settings, struct problems *problems);
