/* A program that finds out whether a server is well. Private to the health folder. */
#pragma once

#include "health/program.h"
#include "health/result.h"

struct ev_loop;
struct probe_request;

/* `owner` is given to `on_end`. */
struct program *probe_exec_start(struct ev_loop *loop,
                                 const struct probe_request *request,
                                 program_ended *on_end, void *owner);
/* Pure. */
struct verdict probe_exec_judge(const struct program_result *result);
