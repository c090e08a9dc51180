#include "base/log_head.h"

#include "base/log_line.h"
#include "base/log_target.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct log_line line;

static const char *form_of(const struct log_target *target, const struct log_style *style)
{
    log_line_begin(&line, 256);
    log_head_add(&line, target, style, LEVEL_WARNING);
    line.chars[line.length] = '\0';
    return line.chars;
}

static void expect_form(const char *head, const char *form)
{
    const char *at = head;

    for (; *form; form++, at++)
        if (*form == '0'   ? !strchr("0123456789 ", *at)
            : *form == '?' ? *at == ' ' || !*at
                           : *at != *form)
            break;
    cr_expect(!*form && !*at, "\"%s\" differs from here on: \"%s\"", head, form);
}

static struct log_target target_of(bool is_syslog, bool is_remote, const char *host)
{
    struct log_target target = { .is_syslog = is_syslog, .is_remote = is_remote };

    (void)snprintf(target.host, sizeof target.host, "%s", host);
    return target;
}

Test(log_head, tells_journald_the_severity_and_nothing_else)
{
    struct log_target target = { .is_journal = true };

    for (enum log_format format = FORMAT_TEXT; format <= FORMAT_HALOG; format++)
        cr_expect_str_eq(form_of(&target, &(struct log_style){ format, 0, 3 }), "<4>");
}

Test(log_head, is_as_the_reader_wants_it)
{
    static const struct {
        bool is_syslog, is_remote;
        const char *host;
        struct log_style style;
        const char *form;
    } cases[] = {
        { false, false, "h", { FORMAT_TEXT, 0, 3 }, "0000-00-00T00:00:00.000Z " },
        { false, false, "h", { FORMAT_JSON, 0, 3 }, "" },
        { false, false, "h", { FORMAT_TCPLOG, 0, 3 }, "??? 00 00:00:00 h usher[PID]: " },
        { false, false, "", { FORMAT_HALOG, 0, 3 }, "??? 00 00:00:00 - usher[PID]: " },
        { true, false, "h", { FORMAT_TEXT, 0, 3 }, "<28>??? 00 00:00:00 usher[PID]: " },
        { true,
          true,
          "h",
          { FORMAT_JSON, 0, 16 },
          "<132>??? 00 00:00:00 h usher[PID]: " },
        { true, true, "", { FORMAT_TEXT, 0, 0 }, "<4>??? 00 00:00:00 - usher[PID]: " },
        { true,
          false,
          "h",
          { FORMAT_HALOG, SYSLOG_RFC5424, 23 },
          "<188>1 0000-00-00T00:00:00.000Z h usher PID - - " },
        { true,
          true,
          "",
          { FORMAT_TEXT, SYSLOG_RFC5424, 3 },
          "<28>1 0000-00-00T00:00:00.000Z - usher PID - - " },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct log_target target = target_of(cases[i].is_syslog, cases[i].is_remote,
                                             cases[i].host);
        const char *pid = strstr(cases[i].form, "PID");
        char form[128];

        if (pid)
            (void)snprintf(form, sizeof form, "%.*s%d%s", (int)(pid - cases[i].form),
                           cases[i].form, (int)getpid(), pid + 3);
        else
            (void)snprintf(form, sizeof form, "%s", cases[i].form);
        expect_form(form_of(&target, &cases[i].style), form);
    }
}
