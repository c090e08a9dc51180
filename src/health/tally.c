/* The arithmetic of a check, apart from time and sockets. */
#include "health/tally.h"

unsigned tally_most(const struct tally *tally)
{
    return tally->rise + tally->fall - 1;
}

bool tally_is_up(const struct tally *tally)
{
    return tally->health >= tally->rise;
}

bool tally_is_changing(const struct tally *tally)
{
    return tally->health > 0 && tally->health < tally_most(tally);
}

static void step(struct tally *tally, bool has_passed)
{
    if (has_passed && tally->health < tally_most(tally))
        tally->health++;
    else if (!has_passed && tally->health > 0)
        tally->health--;
}

bool tally_note(struct tally *tally, bool has_passed)
{
    bool was_up = tally_is_up(tally);

    step(tally, has_passed);
    if (tally_is_up(tally) == was_up)
        return false;
    tally_settle(tally, !was_up);
    return true;
}

void tally_settle(struct tally *tally, bool is_up)
{
    tally->health = is_up ? tally_most(tally) : 0;
}

void tally_put_on_trial(struct tally *tally)
{
    tally->health = tally->rise;
}

static unsigned lesser(unsigned one, unsigned other)
{
    return one < other ? one : other;
}

void tally_rescale(struct tally *tally, unsigned rise, unsigned fall)
{
    bool was_up = tally_is_up(tally);
    unsigned failures = tally_most(tally) - tally->health, passes = tally->health;

    tally->rise = rise;
    tally->fall = fall;
    if (was_up)
        tally->health = tally_most(tally) - lesser(failures, fall - 1);
    else
        tally->health = lesser(passes, rise - 1);
}
