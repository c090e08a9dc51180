/* Load alone never says down, nor takes all of the weight: a server that is slow is
 * still better than none. A full disk may be worse. */
#include "agent/report.h"

#include "base/buffer.h"
#include "base/version.h"

enum { ALL = 100 };

unsigned report_curve(const struct threshold *threshold, int used)
{
    int width = threshold->to - threshold->from;

    if (!threshold->is_on || used < threshold->from)
        return ALL;
    if (used >= threshold->to)
        return REPORT_PERCENT_LEAST;
    return (unsigned)(ALL -
                      (ALL - REPORT_PERCENT_LEAST) * (used - threshold->from) / width);
}

static void heed(struct report *report, const struct threshold *threshold, int used,
                 const char *cause)
{
    unsigned percent = report_curve(threshold, used);

    if (percent >= report->percent)
        return;
    report->percent = percent;
    report->cause = cause;
    report->cause_percent = used;
}

static void heed_disk(struct report *report, const struct disk_option *disk, int used)
{
    heed(report, &disk->threshold, used, disk->path);
    if (!disk->is_fatal || !disk->threshold.is_on || used < disk->threshold.to ||
        report->full_disk)
        return;
    report->full_disk = disk->path;
    report->full_percent = used;
}

struct report report_of(const struct figures *figures, const struct options *options)
{
    struct report report = { .percent = ALL };

    heed(&report, &options->cpu, figures->cpu_percent, "cpu");
    heed(&report, &options->memory, figures->memory_percent, "memory");
    heed(&report, &options->load, figures->load_percent, "load");
    for (size_t i = 0; i < options->disk_count; i++)
        heed_disk(&report, &options->disks[i], figures->disk_percents[i]);
    return report;
}

/* In the line a LF would be an end; in JSON more is in the way. */
static void add_path(struct buffer *out, const char *path)
{
    for (; *path; path++) {
        unsigned char letter = (unsigned char)*path;

        if (letter == '"' || letter == '\\' || letter < ' ' || letter == 127)
            buffer_format(out, "\\u%04x", letter);
        else
            buffer_add(out, path, 1);
    }
}

void report_write_line(const struct report *report, struct buffer *out)
{
    if (!report->full_disk) {
        buffer_format(out, "up %u%%\n", report->percent);
        return;
    }
    buffer_add_text(out, "down #disk ");
    add_path(out, report->full_disk);
    buffer_format(out, " %d%% used\n", report->full_percent);
}

static void add_percent(struct buffer *out, const char *name, int percent)
{
    if (percent < 0)
        buffer_format(out, "\"%s\":null", name);
    else
        buffer_format(out, "\"%s\":%d", name, percent);
}

static void add_cause(struct buffer *out, const struct report *report)
{
    const char *cause = report->full_disk ? report->full_disk : report->cause;

    if (!cause) {
        buffer_add_text(out, "\"cause\":null,");
        return;
    }
    buffer_add_text(out, "\"cause\":\"");
    add_path(out, cause);
    buffer_format(out, " %d%%\",",
                  report->full_disk ? report->full_percent : report->cause_percent);
}

static void add_load(struct buffer *out, const struct figures *figures)
{
    add_percent(out, "load_percent", figures->load_percent);
    if (figures->load_percent >= 0)
        buffer_format(out, ",\"load\":%u.%02u", figures->load_hundredths / 100,
                      figures->load_hundredths % 100);
    buffer_format(out, ",\"cpus\":%u,", figures->cpus);
}

static void add_disks(struct buffer *out, const struct figures *figures,
                      const struct options *options)
{
    buffer_add_text(out, "\"disks\":[");
    for (size_t i = 0; i < options->disk_count; i++) {
        buffer_format(out, "%s{\"path\":\"", i ? "," : "");
        add_path(out, options->disks[i].path);
        buffer_add_text(out, "\",");
        add_percent(out, "percent", figures->disk_percents[i]);
        buffer_add_text(out, "}");
    }
    buffer_add_text(out, "]");
}

void report_write_json(const struct figures *figures, const struct options *options,
                       struct buffer *out)
{
    struct report report = report_of(figures, options);

    buffer_format(out,
                  "{\"version\":\"" USHER_VERSION
                  "\",\"state\":\"%s\",\"weight_percent\":%u,",
                  report.full_disk ? "down" : "up", report.percent);
    add_cause(out, &report);
    add_percent(out, "cpu_percent", figures->cpu_percent);
    buffer_add_text(out, ",");
    add_percent(out, "memory_percent", figures->memory_percent);
    buffer_add_text(out, ",");
    add_load(out, figures);
    add_disks(out, figures, options);
    buffer_add_text(out, "}\n");
}
