/* The commands of the dialect: one table. Main only. */
#pragma once

#include "admin/line.h"
#include "admin/reply.h"
#include "config/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct control;

enum caller_mode { CALLER_ONE_SHOT, CALLER_INTERACTIVE, CALLER_PROMPTED };

/* Who asks: what commands may know and change of the connection. */
struct caller {
    uint64_t id;
    uint64_t begun_at, active_at; /* monotonic ms */
    char by[48];                  /* "uid=0 pid=123" */
    enum admin_level level;
    enum caller_mode mode;
    bool shows_uptime; /* in its prompt */
    enum severity_style style;
    uint64_t timeout_ms;
    uint64_t bytes_in, bytes_out;
    bool has_quit;
};

/* One command being carried out. */
struct call {
    struct control *control; /* borrowed */
    struct caller *caller;   /* borrowed, as are the rest */
    struct reply *reply;
    const struct words *words;
    const char *payload; /* NULL for none */
    size_t name_words;   /* that many of the words are the command's name */
    uint64_t subject;    /* what a command that answers later has to remember */
    bool is_awaiting;    /* the answer comes later, by command_end */
    void (*on_end)(struct call *call);
};

void command_run(struct call *call);

/* For those who carry out commands: the argument of that index, "" beyond the last. */
const char *command_argument(const struct call *call, size_t index);
/* The answer comes later; `call` stays valid until inquiry_forget(control, call). */
void command_await(struct call *call);
void command_end(struct call *call);
const char *command_level_name(enum admin_level level);

/* A row of the table, for the manual page. */
struct command_facts {
    const char *name, *arguments, *help;
    enum admin_level level;
};

/* False behind the last one. */
bool command_look(size_t index, struct command_facts *facts);
