/* A control made from a text, which a test may change and have read again. Its workers
 * never start. */
#pragma once

#include "base/buffer.h"
#include "base/log.h"
#include "base/problem.h"
#include "control/control.h"

#include <criterion/criterion.h>
#include <stdio.h>

static char config[2048];
static struct control *control;

static inline void write_config(const char *frontend_lines)
{
    (void)snprintf(config, sizeof config,
                   "[global]\nworkers = 2\nlog = stderr\nlog-level = error\n"
                   "[frontend web]\nbind = 127.0.0.1:0\nbackend = app\n%s"
                   "[backend app]\nserver = a 127.0.0.1:9\ncheck = off\n",
                   frontend_lines);
}

static inline void make_control(const char *frontend_lines)
{
    struct control_origin origin = { .name = "x.ini", .text = config };
    struct problems *problems = problems_create();
    struct buffer report = { 0 };

    write_config(frontend_lines);
    control = control_create(&origin, problems);
    problems_write(problems, &report);
    cr_assert(control, "%s", buffer_text(&report));
    buffer_deinit(&report);
    problems_destroy(problems);
}

static inline bool reload_with(const char *frontend_lines)
{
    struct buffer report = { 0 };
    bool is_applied;

    write_config(frontend_lines);
    is_applied = control_reload(control, &report);
    buffer_deinit(&report);
    return is_applied;
}

static inline void drop_control(void)
{
    control_destroy(control);
    control = NULL;
}
