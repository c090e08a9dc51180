/* The openssl program as a client: says a line, and tells what came of it. */
#pragma once

#include "support/spawn.h"

#include <stdbool.h>

/* Says "who" with these options of s_client and hears until the server ends. */
struct spawned openssl_ask(const char *address, const char *options, ...)
    __attribute__((format(printf, 2, 3)));
/* Was it served by an origin of that name, whose script is origin_once? */
bool openssl_heard(const struct spawned *spawned, const char *name);
/* Is the text anywhere in what it wrote? */
bool openssl_wrote(const struct spawned *spawned, const char *text);
