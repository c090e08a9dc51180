/* What the command line of usherctl asks for. */
#pragma once

#include "base/address.h"
#include "usherctl/arrange.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where usher is asked when nobody says where. */
#define INVOCATION_SOCKET "/run/usher/admin.sock"
#define INVOCATION_VARIABLE "USHER_SOCKET"

/* Texts are borrowed from the command line. */
struct invocation {
    const char *socket;
    struct address address; /* the same */
    uint64_t timeout_ms;    /* 0: none was given */
    uint64_t interval_ms;
    enum arrange_order order;
    const char *filter;
    const char *completion; /* the name of a shell; NULL: not asked for */
    bool json, wait, kill, help, manual, version, lists_names;
    unsigned given; /* options, by their index: bits */
    size_t word_count;
    const char **words;  /* owned; the command, its first word, and the rest */
    const char *trouble; /* a sentence; NULL: all was understood */
    const char *culprit; /* the word that it is about */
};

struct invocation_option {
    const char *letter; /* "-s"; NULL: it has none */
    const char *name;   /* "--socket" */
    const char *value;  /* "PATH"; NULL: it has none */
    const char *of;     /* the only commands that have it, "status top"; "": all */
    const char *help;
    const char *choices;                /* the only values, "bash zsh"; NULL: any */
    bool *(*flag)(struct invocation *); /* without a value */
    const char *(*take)(struct invocation *, const char *value); /* else; a sentence */
};

/* NULL behind the last one. */
const struct invocation_option *invocation_option(size_t index);

/* `variable` is the environment's socket; NULL or "": none. */
struct invocation invocation_read(int count, char **words, const char *variable);
void invocation_deinit(struct invocation *invocation);

/* Does the command have it? */
bool invocation_has(const struct invocation_option *option, const char *command);
/* Finds options that the command does not have: trouble then. */
void invocation_check(struct invocation *invocation, const char *command);
