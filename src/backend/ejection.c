/* The rules of ejection, without a clock or a server. */
#include "backend/ejection.h"

enum { ALL = 100 };

void ejection_begin(struct ejection *ejection, uint64_t first_ms, uint64_t errors_since,
                    uint64_t now)
{
    if (errors_since >= ejection->ended_at + ejection->length_ms)
        ejection->in_row = 0;
    if (ejection->in_row < EJECTION_STEPS)
        ejection->in_row++;
    ejection->times++;
    ejection->length_ms = first_ms * ejection->in_row;
    ejection->ends_at = now + ejection->length_ms;
}

void ejection_end(struct ejection *ejection, uint64_t now)
{
    ejection->ends_at = 0;
    ejection->ended_at = now;
    ejection->unanswered = 0;
}

bool ejection_note_silence(struct ejection *ejection,
                           const struct ejection_silence *silence, uint64_t now)
{
    if (silence->answered_at > ejection->unanswered_at)
        ejection->unanswered = 0;
    if (silence->others_answered_at + silence->limit_ms <= now)
        return false;
    if (!ejection->unanswered)
        ejection->unanswered_since = now;
    ejection->unanswered += silence->sessions;
    ejection->unanswered_at = now;
    return true;
}

static unsigned most_of(const struct share *most, unsigned servers)
{
    unsigned amount = most->amount;

    if (most->is_percent)
        amount = (unsigned)((uint64_t)servers * most->amount / ALL);
    return amount || !most->amount ? amount : 1;
}

bool ejection_is_allowed(const struct ejection_crowd *crowd, const struct share *most)
{
    return crowd->fit > crowd->needed && crowd->ejected < most_of(most, crowd->servers);
}
