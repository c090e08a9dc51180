/* A table of words; some take what stands behind them. */
#include "agent/options.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { PERCENT_MOST = 100, LOAD_MOST = 100000, WINDOW_MOST = 60 };

static const char *read_bound(char *text, int most, int *bound)
{
    uint64_t number;

    if (text_read_number(text, &number) || number > (uint64_t)most)
        return "FROM:TO are numbers that fit, such as 80:95";
    *bound = (int)number;
    return NULL;
}

/* "80:95" or "off"; cut in place. */
static const char *read_threshold(char *text, int most, struct threshold *threshold)
{
    char *colon = strchr(text, ':');
    const char *trouble;

    *threshold = (struct threshold){ .is_on = false };
    if (!strcmp(text, "off"))
        return NULL;
    if (!colon)
        return "is off, or FROM:TO such as 80:95";
    *colon = '\0';
    threshold->is_on = true;
    trouble = read_bound(text, most, &threshold->from);
    if (!trouble)
        trouble = read_bound(colon + 1, most, &threshold->to);
    if (!trouble && threshold->from > threshold->to)
        trouble = "FROM must not be above TO";
    return trouble;
}

static const char *take_cpu(void *object, char *text)
{
    struct options *options = object;

    return read_threshold(text, PERCENT_MOST, &options->cpu);
}

static const char *take_memory(void *object, char *text)
{
    struct options *options = object;

    return read_threshold(text, PERCENT_MOST, &options->memory);
}

static const char *take_load(void *object, char *text)
{
    struct options *options = object;

    return read_threshold(text, LOAD_MOST, &options->load);
}

static bool cut_end(char *text, const char *end)
{
    size_t length = strlen(text), ending = strlen(end);

    if (length < ending || strcmp(text + length - ending, end) != 0)
        return false;
    text[length - ending] = '\0';
    return true;
}

static const char *take_disk(void *object, char *text)
{
    struct options *options = object;
    struct disk_option *disk = &options->disks[options->disk_count];
    char *equals = strrchr(text, '=');

    if (options->disk_count == DISKS_MOST)
        return "there are too many";
    if (*text != '/' || !equals)
        return "is PATH=FROM:TO or PATH=FROM:TO:down, such as /var=90:98";
    *equals = '\0';
    disk->path = memory_copy_text(text);
    options->disk_count++;
    disk->is_fatal = cut_end(equals + 1, ":down");
    return read_threshold(equals + 1, PERCENT_MOST, &disk->threshold);
}

static const char *take_listen(void *object, char *text)
{
    struct options *options = object;
    struct address_parts parts;
    const char *trouble = address_parse(text, &parts);

    if (trouble)
        return trouble;
    if (parts.kind != ADDRESS_NUMERIC || parts.address.as.any.sa_family == AF_UNIX)
        return "is an IP address and a port";
    options->listen = parts.address;
    return NULL;
}

static const char *take_window(void *object, char *text)
{
    struct options *options = object;

    if (text_read_number(text, &options->window_s) || options->window_s < 1 ||
        options->window_s > WINDOW_MOST)
        return "is a number from 1 to 60";
    return NULL;
}

static const char *take_root(void *object, char *text)
{
    struct options *options = object;

    free(options->root);
    options->root = memory_copy_text(strcmp(text, "/") != 0 ? text : "");
    return NULL;
}

#define FLAG(member) .place = offsetof(struct options, member)

const struct option_row options_rows[] = {
    { "--listen", .argument = "ADDRESS:PORT", .take = take_listen,
      .initial = "127.0.0.1:9099", .help = "where to be asked" },
    { "--cpu", .argument = "FROM:TO", .take = take_cpu, .initial = "80:95",
      .help = "percent used, on average over --window" },
    { "--memory", .argument = "FROM:TO", .take = take_memory, .initial = "85:97",
      .help = "percent that cannot be had back without swapping" },
    { "--load", .argument = "FROM:TO", .take = take_load, .initial = "off",
      .help = "the last minute's load, in percent of one runnable for each CPU" },
    { "--disk", .argument = "PATH=FROM:TO[:down]", .take = take_disk,
      .help = "percent used of the file system with PATH, of blocks or inodes, whichever "
              "is more; with `:down`, the host is down from TO on; one for each disk" },
    { "--window", .argument = "SECONDS", .take = take_window, .initial = "5",
      .help = "of the CPU's average, 1 to 60" },
    { "--root", .argument = "DIR", .take = take_root, .initial = "/",
      .help = "where the host's /proc and /sys are, in a container" },
    { "--once", FLAG(once), .help = "print one report and end" },
    { "--json", FLAG(json), .help = "print one report as JSON and end" },
    { "--manual", FLAG(manual), .help = "print the manual page, for man -l -" },
    { "--version", FLAG(version), .help = "print the version" },
    { "--help", "-h", FLAG(help), .help = "print this" },
    { .name = NULL },
};

/* What stands in the table as initial, read as if it had been said. */
static void take_initials(struct options *options)
{
    for (const struct option_row *row = options_rows; row->name; row++) {
        char *initial = row->initial ? memory_copy_text(row->initial) : NULL;

        ensure(!initial || !row->take(options, initial));
        free(initial);
    }
}

struct options options_read(int count, char **words)
{
    struct options options = { .window_s = 0 };
    struct option_line line = { options_rows, count, words, &options, NULL, NULL };

    take_initials(&options);
    (void)option_read(&line);
    options.word = line.word;
    options.trouble = line.trouble;
    return options;
}

void options_deinit(struct options *options)
{
    for (size_t i = 0; i < options->disk_count; i++)
        free(options->disks[i].path);
    free(options->root);
}
