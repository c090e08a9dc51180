#include "admin/events.h"

#include "base/buffer.h"
#include "base/log.h"

#include <criterion/criterion.h>
#include <string.h>

static struct events *events;
static struct buffer out;

static void set_up(void)
{
    log_set_level(LEVEL_ERROR);
    events = events_create();
}

static void tear_down(void)
{
    events_destroy(events);
    buffer_deinit(&out);
}

TestSuite(events, .init = set_up, .fini = tear_down);

static const char *written(uint64_t from)
{
    buffer_clear(&out);
    events_write(events, from, &out);
    return buffer_text(&out);
}

Test(events, are_kept_whatever_the_level_of_the_log_is)
{
    log_notice("one  key=%d", 1);
    log_warning("two");
    log_info("too small");

    cr_expect_eq(events_next(events), 2);
    cr_expect(strstr(written(0), "Z notice  one  key=1\n"), "%s", written(0));
    cr_expect(strstr(written(0), "Z warning two\n"), "%s", written(0));
    cr_expect_null(strstr(written(1), "one"));
    cr_expect_str_eq(written(2), "");
}

Test(events, are_forgotten_when_there_are_too_many)
{
    for (int i = 0; i < 600; i++)
        log_notice("event %d", i);

    cr_expect_eq(events_next(events), 600);
    cr_expect_eq(events_oldest(events), 88);
    cr_expect(strstr(written(0), " event 88\n"));
    cr_expect_null(strstr(written(0), " event 87\n"));
}

Test(events, of_the_start_stay_when_they_are_bad)
{
    log_notice("good");
    log_warning("bad");
    events_end_start(events);
    log_warning("later");
    for (int i = 0; i < 600; i++)
        log_notice("more");

    events_write_start(events, &out);
    cr_expect(strstr(buffer_text(&out), " bad\n"));
    cr_expect_null(strstr(buffer_text(&out), "good"));
    cr_expect_null(strstr(buffer_text(&out), "later"));
}

Test(events, are_not_heard_of_when_nobody_listens)
{
    events_destroy(events);
    log_notice("to nobody");
    events = events_create();
    cr_expect_eq(events_next(events), 0);
}
