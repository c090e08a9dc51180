#include "usherctl/arrange.h"

#include "usherctl/tone.h"

#include <stdlib.h>
#include <string.h>

/* Negative: the first one is shown first. */
typedef int compare(const struct survey_row *one, const struct survey_row *other);

static int ascending(int64_t one, int64_t other)
{
    return (one > other) - (one < other);
}

static int by_name(const struct survey_row *one, const struct survey_row *other)
{
    int proxies = strcmp(one->proxy, other->proxy);

    return proxies ? proxies : strcmp(one->name, other->name);
}

static int by_state(const struct survey_row *one, const struct survey_row *other)
{
    return ascending(tone_of_status(other->status), tone_of_status(one->status));
}

static int by_sessions(const struct survey_row *one, const struct survey_row *other)
{
    return ascending(other->sessions, one->sessions);
}

static int by_rate(const struct survey_row *one, const struct survey_row *other)
{
    return ascending(other->rate, one->rate);
}

/* As fast as they move; without a rate as many as there were. */
static int64_t bytes_of(const struct survey_row *row)
{
    bool has_rate = row->in_rate >= 0 && row->out_rate >= 0;

    return has_rate ? row->in_rate + row->out_rate : row->bytes_in + row->bytes_out;
}

static int by_bytes(const struct survey_row *one, const struct survey_row *other)
{
    return ascending(bytes_of(other), bytes_of(one));
}

static int by_change(const struct survey_row *one, const struct survey_row *other)
{
    return ascending(one->changed_s, other->changed_s);
}

static const struct order {
    const char *name;
    compare *compare; /* NULL: all stay where they are */
} orders[] = {
    [ARRANGE_AS_SERVED] = { "served", NULL },
    [ARRANGE_BY_NAME] = { "name", by_name },
    [ARRANGE_BY_STATE] = { "state", by_state },
    [ARRANGE_BY_SESSIONS] = { "sessions", by_sessions },
    [ARRANGE_BY_RATE] = { "rate", by_rate },
    [ARRANGE_BY_BYTES] = { "bytes", by_bytes },
    [ARRANGE_BY_CHANGE] = { "change", by_change },
};

const char *arrange_name(enum arrange_order order)
{
    return orders[order].name;
}

const char *arrange_read(const char *text, enum arrange_order *order)
{
    for (size_t i = 0; i < ARRANGE_ORDERS; i++) {
        if (strcmp(orders[i].name, text) != 0)
            continue;
        *order = (enum arrange_order)i;
        return NULL;
    }
    return "is served, name, state, sessions, rate, bytes or change";
}

static bool is_shown(const struct survey_row *row, const struct arrange_wish *wish)
{
    struct survey_key key = survey_key(row);

    if (orders[wish->order].compare && row->kind != SURVEY_SERVER)
        return false;
    return strcasestr(key.chars, wish->filter) || strcasestr(row->status, wish->filter) ||
           strcasestr(row->address, wish->filter);
}

static int compare_rows(const void *one_at, const void *other_at, void *order)
{
    const struct survey_row *one = *(const struct survey_row *const *)one_at;
    const struct survey_row *other = *(const struct survey_row *const *)other_at;
    int result = ((const struct order *)order)->compare(one, other);

    return result ? result : ascending((int64_t)one->place, (int64_t)other->place);
}

size_t arrange(const struct survey *survey, const struct arrange_wish *wish,
               const struct survey_row **rows)
{
    struct order order = orders[wish->order];
    size_t count = 0;

    for (size_t i = 0; i < survey->count; i++)
        if (is_shown(&survey->rows[i], wish))
            rows[count++] = &survey->rows[i];
    if (order.compare)
        qsort_r(rows, count, sizeof *rows, compare_rows, &order);
    return count;
}
