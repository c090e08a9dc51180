/* Commands said to a control whose workers never start, and what they answer. */
#pragma once

#include "../control/controls.h"
#include "admin/command.h"

#include <string.h>

static struct caller caller;
static struct reply reply;

/* The framed answer to one command with a payload, NULL for none; until the next. */
static inline const char *ask_with(const char *said, const char *payload)
{
    static struct buffer out;
    struct line line = { 0 };
    struct words words;
    struct call call = { .control = control,
                         .caller = &caller,
                         .reply = &reply,
                         .words = &words,
                         .payload = payload };

    line_begin(&line, said, strlen(said));
    cr_assert(line_next(&line, &words));
    command_run(&call);
    buffer_clear(&out);
    reply_frame(&reply, SEVERITY_AS_NUMBER, &out);
    line_deinit(&line);
    return buffer_text(&out);
}

static inline const char *ask(const char *said)
{
    return ask_with(said, NULL);
}

static inline void be(enum admin_level level)
{
    caller = (struct caller){ .by = "test", .level = level };
}
