/* Weights: whole numbers to people, hundredths to workers, so that a share of a weight of
 * 1 is still a share. */
#pragma once

struct server;

enum { WEIGHT_WHOLE = 100 }; /* a weight of 1, in hundredths */

/* Main only: the weight in force, rounded up. */
unsigned server_weight(const struct server *server);
/* Main only: the same without its slow start. */
unsigned server_weight_asked(const struct server *server);

/* Main only: makes what workers see of all that bears on the weight and the limit. */
void server_weight_settle(struct server *server);
