/* Numbers that threads share without locks.
 *
 * A counter has one writer and any number of readers. A gauge is raised and lowered by
 * all threads and is exact. A turn is handed out once to each caller. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct counter {
    _Atomic uint64_t value;
};

struct gauge {
    _Atomic uint32_t value;
};

struct turn {
    _Atomic uint64_t next;
};

/* The counter's one writer only. */
static inline void counter_set(struct counter *counter, uint64_t value)
{
    atomic_store_explicit(&counter->value, value, memory_order_relaxed);
}

/* Any thread. */
static inline uint64_t counter_read(const struct counter *counter)
{
    return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

/* The counter's one writer only. */
static inline void counter_add(struct counter *counter, uint64_t amount)
{
    counter_set(counter, counter_read(counter) + amount);
}

/* The counter's one writer only: keeps the highest value ever given. */
static inline void counter_raise(struct counter *counter, uint64_t value)
{
    if (value > counter_read(counter))
        counter_set(counter, value);
}

static inline uint32_t gauge_read(const struct gauge *gauge)
{
    return atomic_load(&gauge->value);
}

/* Adds one and returns the new value; 0, and nothing added, when it would exceed `most`.
 * `most` 0 is no limit. */
static inline uint32_t gauge_take(struct gauge *gauge, uint32_t most)
{
    uint32_t value = atomic_load(&gauge->value);

    do
        if (most && value >= most)
            return 0;
    while (!atomic_compare_exchange_weak(&gauge->value, &value, value + 1));
    return value + 1;
}

static inline void gauge_give(struct gauge *gauge)
{
    atomic_fetch_sub(&gauge->value, 1);
}

/* Sets it to zero; returns what it was. */
static inline uint32_t gauge_drain(struct gauge *gauge)
{
    return atomic_exchange(&gauge->value, 0);
}

static inline uint64_t turn_take(struct turn *turn)
{
    return atomic_fetch_add_explicit(&turn->next, 1, memory_order_relaxed);
}
