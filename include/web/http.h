/* The addresses where usher answers HTTP, read only. Main only. */
#pragma once

#include <stdbool.h>

struct admin_settings;
struct control;
struct http;
struct problems;

struct http *http_create(struct control *control);
/* Closes and unlinks. NULL is fine. */
void http_destroy(struct http *http);

/* Opens what is new; after it one of the next two. False, with problems: refused
 * already. */
bool http_prepare(struct http *http, const struct admin_settings *settings,
                  struct problems *problems);
/* Lets in clients at the new ones, closes what is gone. */
void http_commit(struct http *http, const struct admin_settings *settings);
void http_refuse(struct http *http);
