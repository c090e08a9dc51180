/* Waiting for things to come true, never for time to pass.
 *
 * Sanitized builds of usher get more time and smaller volumes: when USHER_SANITIZED is
 * set, or TSAN_OPTIONS, as tests/run does for them. */
#pragma once

#include <criterion/criterion.h>

#include <stdbool.h>
#include <stdint.h>

uint64_t patience_now_ms(void);
void patience_pause(void);
bool patience_is_sanitized(void);
/* So much time, or more when sanitized. */
uint64_t patience_ms(uint64_t ms);
/* So many, or a tenth when sanitized. */
uint64_t patience_volume(uint64_t full);

/* Fails the test unless the condition comes true in time. */
#define eventually(condition, within_ms)                                                 \
    do {                                                                                 \
        uint64_t eventually_until_ = patience_now_ms() + patience_ms(within_ms);         \
        bool eventually_met_ = (condition);                                              \
                                                                                         \
        while (!eventually_met_ && patience_now_ms() < eventually_until_) {              \
            patience_pause();                                                            \
            eventually_met_ = (condition);                                               \
        }                                                                                \
        cr_assert(eventually_met_, "did not come true within %d ms: %s",                 \
                  (int)(within_ms), #condition);                                         \
    } while (0)

/* Fails the test if the condition stops being true within this time. */
#define meanwhile(condition, for_ms)                                                     \
    do {                                                                                 \
        uint64_t meanwhile_until_ = patience_now_ms() + (uint64_t)(for_ms);              \
                                                                                         \
        do {                                                                             \
            cr_assert((condition), "did not stay true for %d ms: %s", (int)(for_ms),     \
                      #condition);                                                       \
            patience_pause();                                                            \
        } while (patience_now_ms() < meanwhile_until_);                                  \
    } while (0)
