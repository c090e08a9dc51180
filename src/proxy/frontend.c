/* Makes and unmakes frontends. */
#include "proxy/frontend.h"

#include "base/memory.h"

#include <stdlib.h>

void frontend_init(struct frontend *frontend, unsigned workers)
{
    frontend->workers = workers;
    frontend->guests = aligned_alloc(64, workers * sizeof *frontend->guests);
    ensure(frontend->guests);
    for (unsigned worker = 0; worker < workers; worker++)
        counter_set(&frontend->guests[worker].count, 0);
}

void frontend_deinit(struct frontend *frontend)
{
    free(frontend->guests);
    frontend->guests = NULL;
}

uint64_t frontend_guests(const struct frontend *frontend)
{
    uint64_t guests = 0;

    for (unsigned worker = 0; worker < frontend->workers; worker++)
        guests += counter_read(&frontend->guests[worker].count);
    return guests;
}
