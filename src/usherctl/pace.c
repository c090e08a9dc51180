#include "usherctl/pace.h"

static int64_t rate_of(int64_t before, int64_t now, uint64_t elapsed_ms)
{
    if (before < 0 || now < before)
        return -1;
    return (int64_t)((double)(now - before) * 1000. / (double)elapsed_ms + .5);
}

static void measure_row(const struct survey_row *before, struct survey_row *now,
                        uint64_t elapsed_ms)
{
    now->in_rate = rate_of(before->bytes_in, now->bytes_in, elapsed_ms);
    now->out_rate = rate_of(before->bytes_out, now->bytes_out, elapsed_ms);
}

void pace_measure(const struct survey *before, struct survey *now)
{
    if (!before || now->at_ms <= before->at_ms)
        return;
    for (size_t i = 0; i < now->count; i++) {
        const struct survey_row *old = survey_find(before, &now->rows[i], i);

        if (old)
            measure_row(old, &now->rows[i], now->at_ms - before->at_ms);
    }
}
