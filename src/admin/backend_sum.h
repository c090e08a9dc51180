/* The figures of a backend: its own, and those of its servers. Main only. */
#pragma once

#include "base/ledger.h"

struct backend;

struct backend_sum {
    struct ledger_sum figures;
    uint64_t attempts; /* to reach a server */
};

struct backend_sum backend_sum(const struct backend *backend);
