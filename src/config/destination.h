/* What the addresses in binds, servers and the like must be: the last reading of an
 * item. Each returns NULL, or a sentence that says what is wrong. */
#pragma once

#include <stdbool.h>

struct arena;

/* Of struct bind_settings, server_settings and admin_socket_settings. */
const char *destination_of_bind(void *object);
const char *destination_of_server(void *object);
const char *destination_of_socket(void *object);
/* Of a struct admin_socket_settings: not TCP? */
bool destination_is_path(const void *item);
/* Of struct bind_settings: nobody is let in from everywhere by leaving something out. */
const char *destination_of_http(void *object);
/* "BACKEND/SERVER", a text. */
const char *destination_of_track(void *object, struct arena *arena);
/* Of struct source_settings. */
const char *destination_of_source(void *object);

/* Of struct bind_settings, for the options that want it. */
bool destination_is_ip6(const void *object);
bool destination_is_local(const void *object);
