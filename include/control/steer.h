/* What an administrator may change of a server. Main only. `by` says who, for the log. */
#pragma once

struct server;

/* Bits of enum server_will; 0 is ready. */
void steer_will(struct server *server, unsigned will, const char *by);
void steer_weight(struct server *server, unsigned weight, const char *by);
