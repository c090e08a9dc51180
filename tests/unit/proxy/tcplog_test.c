#include "proxy/tcplog.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static char text[512];

static const char *written(const struct tcplog *line, enum log_format format)
{
    tcplog_write(line, format, text, sizeof text);
    return text;
}

static const struct tcplog usual = {
    .client = "192.0.2.1:4000",
    .frontend = "web",
    .backend = "app",
    .server = "a",
    .begun_on = 1795348351311, /* 22 November 2026, an hour east of Greenwich */
    .queue_ms = 1,
    .connect_ms = 2,
    .answer_ms = 3,
    .total_ms = 60,
    .bytes = 188,
    .why = { '-', '-' },
    .of_process = 5,
    .of_frontend = 4,
    .of_backend = 3,
    .of_server = 2,
};

static void set_up(void)
{
    (void)setenv("TZ", "UTC-1", 1);
    tzset();
}

TestSuite(tcplog, .init = set_up);

Test(tcplog, has_all_fields_in_their_order)
{
    cr_expect_str_eq(written(&usual, FORMAT_TCPLOG),
                     "192.0.2.1:4000 [22/Nov/2026:12:52:31.311] web app/a 1/2/60 188 -- "
                     "5/4/3/2/0 0/0");
}

Test(tcplog, has_the_shape_of_http_for_halog)
{
    cr_expect_str_eq(written(&usual, FORMAT_HALOG),
                     "192.0.2.1:4000 [22/Nov/2026:12:52:31.311] web app/a 0/1/2/3/60 200 "
                     "188 - - ---- 5/4/3/2/0 0/0 \"TCP web TCP\"");
}

Test(tcplog, names_nobody_when_nobody_served)
{
    struct tcplog line = usual;

    line.backend = line.server = NULL;
    line.queue_ms = line.connect_ms = line.answer_ms = -1;
    line.bytes = 0;
    line.why = (struct termination){ 'P', 'R' };

    cr_expect_str_eq(written(&line, FORMAT_TCPLOG),
                     "192.0.2.1:4000 [22/Nov/2026:12:52:31.311] web web/<NOSRV> -1/-1/60 "
                     "0 PR 5/4/3/2/0 0/0");
    cr_expect_str_eq(written(&line, FORMAT_HALOG),
                     "192.0.2.1:4000 [22/Nov/2026:12:52:31.311] web web/<NOSRV> "
                     "0/-1/-1/-1/60 403 0 - - PR-- 5/4/3/2/0 0/0 \"TCP web TCP\"");
}

Test(tcplog, marks_tls_what_goes_on_another_server_and_the_queue)
{
    struct tcplog line = usual;

    line.is_tls = line.is_going_on = line.is_redispatched = true;
    line.retries = 1;
    line.queue_place = 9;

    cr_expect_str_eq(written(&line, FORMAT_TCPLOG),
                     "192.0.2.1:4000 [22/Nov/2026:12:52:31.311] web~ app/a 1/2/+60 +188 "
                     "-- 5/4/3/2/+1 0/9");
}

Test(tcplog, dates_each_line_anew)
{
    struct tcplog line = usual;

    (void)written(&usual, FORMAT_TCPLOG);
    line.begun_on += 28800007;

    cr_expect_not_null(
        strstr(written(&line, FORMAT_TCPLOG), " [22/Nov/2026:20:52:31.318] "));
}
