/* The commands of the dialect: one table. Main only. */
#pragma once

#include "admin/caller.h"
#include "admin/line.h"
#include "admin/reply.h"
#include "base/endpoint.h"
#include "config/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct admin;
struct call;
struct command;
struct control;

enum caller_mode { CALLER_ONE_SHOT, CALLER_INTERACTIVE, CALLER_PROMPTED };

/* Who asks: what commands may know and change of the connection. */
struct caller {
    uint64_t id;
    uint64_t begun_at, active_at; /* monotonic ms */
    char by[CALLER_SIZE];         /* who, for the log */
    struct endpoint peer;
    enum admin_level level;
    enum caller_mode mode;
    bool shows_uptime; /* in its prompt */
    enum severity_style style;
    uint64_t timeout_ms;
    uint64_t bytes_in, bytes_out;
    bool has_quit;
};

/* Called every now and then while a command awaits something. */
typedef void command_look(struct call *call);

/* One command being carried out. */
struct call {
    struct control *control; /* borrowed, as are the rest */
    const struct admin *admin;
    struct caller *caller;
    struct reply *reply;
    struct words *words;
    const char *payload;           /* NULL for none */
    const struct command *command; /* NULL: there is none of this name */
    size_t name_words;             /* that many of the words are the command's name */
    bool is_denied;                /* its level is too high for the caller */
    bool wants_json;               /* the last word, no longer among the words, said so */
    uint64_t subject; /* what a command that answers later has to remember, */
    uint64_t until_ms, told_at_ms; /* likewise: monotonic */
    bool is_awaiting;              /* the answer comes later, by command_end */
    command_look *on_look;         /* NULL: nothing to look at meanwhile */
    bool
        is_interruptible; /* while it awaits, the client may end it by saying something */
    bool is_interrupted;  /* it has said something */
    bool is_behind;       /* it reads too little: some of what was to be sent is lost */
    void (*on_progress)(struct call *call); /* NULL: nobody wants to hear of it */
    void (*on_end)(struct call *call);
};

/* Any command may have `json` behind it: then the reply is made JSON in the end. */
void command_run(struct call *call);

/* For those who carry out commands: the argument of that index, "" beyond the last. */
const char *command_argument(const struct call *call, size_t index);
/* The answer comes later; `call` stays valid until inquiry_forget(control, call). */
void command_await(struct call *call);
/* The same; until the end `on_look` is called again and again. */
void command_watch(struct call *call, command_look *on_look);
/* What the reply says so far is sent already, unless it is to be JSON. */
void command_progress(struct call *call);
void command_end(struct call *call);
const char *command_level_name(enum admin_level level);

/* A row of the table, for the manual page. */
struct command_facts {
    const char *name, *arguments, *help;
    enum admin_level level;
};

/* False behind the last one. */
bool command_describe(size_t index, struct command_facts *facts);
