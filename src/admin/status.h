/* The state of a server in the dialect's words and numbers. Pure but for status_facts. */
#pragma once

#include <stdbool.h>

struct server;

/* What the words depend on. */
struct status_facts {
    bool is_resolved, is_checked, is_up, is_ejected, is_stopping;
    unsigned will;       /* bits of enum server_will */
    unsigned agent_will; /* likewise */
    bool agent_says_down;
    unsigned health, rise, fall; /* of its check */
};

struct status_text {
    char chars[32];
};

/* Main only. */
struct status_facts status_facts(const struct server *server);

/* "UP", "UP 1/3", "DRAIN", "MAINT (resolution)", "no check" ... */
struct status_text status_text(const struct status_facts *facts);
/* 0 stopped, 2 running, 3 stopping. */
unsigned status_operation(const struct status_facts *facts);
/* The administrative bits, the resolver's included. */
unsigned status_administration(const struct status_facts *facts);
