#include "agent/report.h"

#include "base/buffer.h"
#include "base/version.h"

#include <criterion/criterion.h>

static char var[] = "/var", odd[] = "/a\"b\n";

static struct options options_with(struct threshold cpu, struct threshold disk)
{
    return (struct options){ .cpu = cpu,
                             .memory = { true, 85, 97 },
                             .disks = { { .path = var, .threshold = disk } },
                             .disk_count = 1 };
}

static const char *line_of(struct report report)
{
    static struct buffer text;

    buffer_clear(&text);
    report_write_line(&report, &text);
    return buffer_text(&text);
}

Test(report, follows_the_curve)
{
    static const struct {
        struct threshold threshold;
        int used;
        unsigned percent;
    } cases[] = {
        { { true, 80, 90 }, -1, 100 },  { { true, 80, 90 }, 0, 100 },
        { { true, 80, 90 }, 80, 100 },  { { true, 80, 90 }, 81, 91 },
        { { true, 80, 90 }, 85, 55 },   { { true, 80, 90 }, 89, 19 },
        { { true, 80, 90 }, 90, 10 },   { { true, 80, 90 }, 100, 10 },
        { { true, 80, 80 }, 79, 100 },  { { true, 80, 80 }, 80, 10 },
        { { true, 0, 1 }, 0, 100 },     { { true, 0, 1 }, 1, 10 },
        { { false, 80, 90 }, 99, 100 },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_eq(report_curve(&cases[i].threshold, cases[i].used), cases[i].percent,
                     "%d of %d:%d", cases[i].used, cases[i].threshold.from,
                     cases[i].threshold.to);
}

Test(report, is_as_bad_as_the_worst_figure)
{
    struct options options = options_with((struct threshold){ true, 80, 90 },
                                          (struct threshold){ true, 90, 98 });
    struct figures figures = { .cpu_percent = 85,
                               .memory_percent = 91,
                               .load_percent = 900,
                               .disk_percents = { 92 } };
    struct report report = report_of(&figures, &options);

    cr_expect_str_eq(line_of(report), "up 55%\n");
    cr_expect_str_eq(report.cause, "cpu");
    figures.disk_percents[0] = 99;
    report = report_of(&figures, &options);
    cr_expect_str_eq(line_of(report), "up 10%\n");
    cr_expect_str_eq(report.cause, "/var");
    figures = (struct figures){ .cpu_percent = -1, .memory_percent = -1 };
    cr_expect_str_eq(line_of(report_of(&figures, &options)), "up 100%\n");
}

Test(report, says_down_only_of_a_disk_and_only_when_told_to)
{
    struct options options = options_with((struct threshold){ true, 80, 90 },
                                          (struct threshold){ true, 90, 98 });
    struct figures figures = { .cpu_percent = 100,
                               .memory_percent = 100,
                               .load_percent = 100,
                               .disk_percents = { 98 } };

    cr_expect_str_eq(line_of(report_of(&figures, &options)), "up 10%\n");
    options.disks[0].is_fatal = true;
    cr_expect_str_eq(line_of(report_of(&figures, &options)),
                     "down #disk /var 98% used\n");
    figures.disk_percents[0] = 97;
    cr_expect_str_eq(line_of(report_of(&figures, &options)), "up 10%\n");
}

Test(report, is_told_as_json_too)
{
    struct options options = options_with((struct threshold){ true, 80, 90 },
                                          (struct threshold){ true, 90, 98 });
    struct figures figures = { .cpu_percent = 85,
                               .memory_percent = -1,
                               .load_percent = 30,
                               .load_hundredths = 105,
                               .cpus = 4,
                               .disk_percents = { 7 } };
    struct buffer text = { 0 };

    options.disks[0].path = odd;
    report_write_json(&figures, &options, &text);
    cr_expect_str_eq(buffer_text(&text),
                     "{\"version\":\"" USHER_VERSION
                     "\",\"state\":\"up\",\"weight_percent\":55,"
                     "\"cause\":\"cpu 85%\",\"cpu_percent\":85,\"memory_percent\":null,"
                     "\"load_percent\":30,\"load\":1.05,\"cpus\":4,"
                     "\"disks\":[{\"path\":\"/a\\u0022b\\u000a\",\"percent\":7}]}\n");
    buffer_deinit(&text);
}
