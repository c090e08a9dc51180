/* The recurring question put to one server: keeps the schedule, counts rise and fall.
 *
 * Main only. Health is one integer: 0 ... rise + fall - 1; up from `rise` on. A pass adds
 * one, a failure takes one, and a crossing jumps to the far end. */
#pragma once

#include "base/repeat.h"
#include "health/check_settings.h"
#include "health/probe.h"
#include "health/probe_gate.h"

#include <stdbool.h>
#include <stdint.h>

struct check;
struct ev_loop;
struct server;

/* Called after every verdict and failed connect that moved the server's health from up to
 * down or back, or settled it for the first time. */
typedef void check_changed(struct check *check, void *owner);

/* Called with every verdict before it counts; may make another one of it. */
typedef void check_reviewed(struct check *check, struct verdict *verdict);

/* What all checks share; outlives them. */
struct check_care {
    struct ev_loop *loop;   /* borrowed */
    struct probe_gate gate; /* how many may ask at once */
    check_changed *on_change;
    check_reviewed *on_verdict; /* NULL: every verdict stands */
    void *owner;
    struct repeat shortage; /* of descriptors or memory of our own */
};

struct check *check_create(struct check_care *care, struct server *server);
void check_destroy(struct check *check);

/* Starts, or goes on with these settings: from now on nothing of the old ones is looked
 * at. What is due stays due unless they differ; then the next probe is sent within
 * `spread_ms`. A probe under way goes on unless another question is to be asked. */
void check_begin(struct check *check, const struct check_settings *settings,
                 uint64_t spread_ms);
/* The server is somewhere else now: asks there, at once. */
void check_ask_anew(struct check *check);
/* In maintenance nothing is asked; health is kept. */
void check_pause(struct check *check);
/* Leaves maintenance: up at once, but one failure takes it down. */
void check_resume(struct check *check);
/* Disabled, nothing is asked and failed connects do not count; health is kept. */
void check_enable(struct check *check, bool is_enabled);
/* An administrator's word for the verdict, until probes insist on another. */
void check_force(struct check *check, bool is_up, const char *by);
/* The server is said to be somewhere else: asks there, at once. Up stays up until then,
 * but one failure takes it down; anything else is open to the first verdict. */
void check_doubt(struct check *check);

/* A real connect failed `times` times: counts like as many failed probes; asks now. */
void check_note_failures(struct check *check, unsigned times, const char *why);
/* Something else speaks against the server: asks now. */
void check_hurry(struct check *check);
/* No verdict came in time to wait for: taken as up until one does. */
void check_assume_up(struct check *check);

/* They are counted anew. */
void check_forget_failures(struct check *check);

/* For people. */
struct check_report {
    const struct check_settings *settings;
    unsigned health; /* 0 ... rise + fall - 1 */
    bool is_enabled, is_paused, is_asking, has_verdict;
    bool is_waiting; /* for other probes to end: see max-probes */
    struct verdict last;
    uint64_t last_ms;  /* how long the last probe took */
    uint64_t age_ms;   /* of the last verdict */
    uint64_t failures; /* failed probes while up */
};

struct check_report check_report(const struct check *check);
struct server *check_server(const struct check *check);
