/* What the tests of this folder share: a registry, and generations built from a text. */
#pragma once

#include "backend/backend.h"
#include "base/buffer.h"
#include "base/problem.h"
#include "config/settings.h"
#include "control/generation.h"
#include "control/registry.h"

#include <criterion/criterion.h>

enum { WORKERS = 2 };

static struct registry *registry;

static inline void ignore_wake(void *owner, unsigned worker)
{
    (void)owner;
    (void)worker;
}

static inline void ignore_forgotten(void *owner, struct backend *backend)
{
    (void)owner;
    (void)backend;
}

static inline void make_registry(void)
{
    struct registry_settings settings = { .workers = WORKERS,
                                          .wake = ignore_wake,
                                          .on_forget = ignore_forgotten };

    registry = registry_create(&settings);
}

/* NULL, with problems, when it cannot be built; the text itself must be fine. */
static inline struct generation *generation_try(const char *text,
                                                struct problems *problems)
{
    struct settings *settings = settings_read_text("x.ini", text, problems);
    struct buffer report = { 0 };

    problems_write(problems, &report);
    cr_assert(settings, "%s", buffer_text(&report));
    buffer_deinit(&report);
    return generation_build(settings, registry, WORKERS, problems);
}

static inline struct generation *generation_from(const char *text)
{
    struct problems *problems = problems_create();
    struct generation *generation = generation_try(text, problems);

    cr_assert(generation, "%zu problems", problems_count(problems));
    problems_destroy(problems);
    return generation;
}
