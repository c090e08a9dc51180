/* Rise and fall as one integer: 0 ... rise + fall - 1, up from `rise` on. Pure. */
#pragma once

#include <stdbool.h>

struct tally {
    unsigned health;
    unsigned rise, fall; /* at least 1 each */
};

unsigned tally_most(const struct tally *tally);
bool tally_is_up(const struct tally *tally);
/* Neither full nor empty: a verdict is in the making. */
bool tally_is_changing(const struct tally *tally);

/* One pass or failure. True when that crossed the line; health is then at the far end. */
bool tally_note(struct tally *tally, bool has_passed);
/* A first verdict counts in full. */
void tally_settle(struct tally *tally, bool is_up);
/* Up, but one failure takes it down. */
void tally_put_on_trial(struct tally *tally);
/* A new scale. Up stays up and down stays down, as near to the verdict as before. */
void tally_rescale(struct tally *tally, unsigned rise, unsigned fall);
