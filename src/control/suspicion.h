/* Servers that clients' sessions speak against are ejected for a while, check or no
 * check. Main only; private to the control folder. */
#pragma once

struct ev_loop;
struct registry;
struct server;
struct suspicions;

/* Both are borrowed, and outlive it. */
struct suspicions *suspicions_create(struct ev_loop *loop, struct registry *registry);
void suspicions_destroy(struct suspicions *suspicions);

/* Judges what the workers noted. */
void suspicions_take(struct suspicions *suspicions);
/* Before rotations are published: takes back the servers that their checks know to be
 * down, and those that nobody can do without. */
void suspicions_review(struct suspicions *suspicions);
/* It moves, or goes next. */
void suspicions_forget(struct suspicions *suspicions, struct server *server);
