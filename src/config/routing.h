/* The routes of a frontend: what a line says, and what they say together. */
#pragma once

struct arena;
struct frontend_settings;
struct problems;

/* Of struct route_settings, by its text; NULL or a sentence that says what is wrong. */
const char *routing_read(void *object, struct arena *arena);

/* Gives each share of the clients a range of its own, in the order of the file. */
void routing_lay_shares(const struct frontend_settings *frontend);

void routing_check(const struct frontend_settings *frontend, struct problems *problems);
void routing_warn(const struct frontend_settings *frontend, struct problems *problems);
