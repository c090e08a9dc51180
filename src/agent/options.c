/* A table of words; each takes what stands behind it. */
#include "agent/options.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { PERCENT_MOST = 100, LOAD_MOST = 100000, WINDOW_MOST = 60 };

static const char usage[] =
    "usage: usher-agent [OPTION...]  tell an usher how much this host can take\n"
    "  --listen ADDRESS:PORT      where to be asked  (127.0.0.1:9099)\n"
    "  --cpu FROM:TO              percent used  (80:95)\n"
    "  --memory FROM:TO           percent used  (85:97)\n"
    "  --load FROM:TO             percent of one runnable for each CPU  (off)\n"
    "  --disk PATH=FROM:TO        percent used of the file system with PATH\n"
    "  --disk PATH=FROM:TO:down   the same; beyond TO the host is down\n"
    "  --window SECONDS           of the CPU's average, 1 to 60  (5)\n"
    "  --root DIR                 where the host's /proc and /sys are  (/)\n"
    "  --once                     print one report and end\n"
    "  --json                     the same as JSON\n"
    "  --version, --help\n"
    "Up to FROM the server gets all of its weight, from TO on a tenth; `off` is to pay\n"
    "no heed. Who says \"json\" first is answered in JSON.\n";

const char *options_usage(void)
{
    return usage;
}

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

static const char *take_cpu(struct options *options, char *text)
{
    return read_threshold(text, PERCENT_MOST, &options->cpu);
}

static const char *take_memory(struct options *options, char *text)
{
    return read_threshold(text, PERCENT_MOST, &options->memory);
}

static const char *take_load(struct options *options, char *text)
{
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

static const char *take_disk(struct options *options, char *text)
{
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

static const char *take_listen(struct options *options, char *text)
{
    struct address_parts parts;
    const char *trouble = address_parse(text, &parts);

    if (trouble)
        return trouble;
    if (parts.kind != ADDRESS_NUMERIC || parts.address.as.any.sa_family == AF_UNIX)
        return "is an IP address and a port";
    options->listen = parts.address;
    return NULL;
}

static const char *take_window(struct options *options, char *text)
{
    if (text_read_number(text, &options->window_s) || options->window_s < 1 ||
        options->window_s > WINDOW_MOST)
        return "is a number from 1 to 60";
    return NULL;
}

static const char *take_root(struct options *options, char *text)
{
    free(options->root);
    options->root = memory_copy_text(strcmp(text, "/") != 0 ? text : "");
    return NULL;
}

static const struct valued {
    const char *name;
    const char *(*take)(struct options *options, char *text);
} valued[] = {
    { "--listen", take_listen }, { "--cpu", take_cpu },   { "--memory", take_memory },
    { "--load", take_load },     { "--disk", take_disk }, { "--window", take_window },
    { "--root", take_root },
};

static const struct valued *find_valued(const char *word)
{
    for (size_t i = 0; i < sizeof valued / sizeof *valued; i++)
        if (!strcmp(valued[i].name, word))
            return &valued[i];
    return NULL;
}

static bool take_flag(struct options *options, const char *word)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = { { "--once", &options->once },
                  { "--json", &options->json },
                  { "--version", &options->version },
                  { "--help", &options->help },
                  { "-h", &options->help } };

    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if (strcmp(flags[i].name, word) != 0)
            continue;
        *flags[i].flag = true;
        return true;
    }
    return false;
}

static const char *take_value(struct options *options, const struct valued *option,
                              const char *value)
{
    char *copy;
    const char *trouble;

    if (!value)
        return "wants a value";
    copy = memory_copy_text(value);
    trouble = option->take(options, copy);
    free(copy);
    return trouble;
}

struct options options_read(int count, char **words)
{
    char listen[] = "127.0.0.1:9099", root[] = "/";
    struct options options = { .cpu = { true, 80, 95 },
                               .memory = { true, 85, 97 },
                               .window_s = 5 };

    (void)take_listen(&options, listen);
    (void)take_root(&options, root);
    for (int i = 1; i < count && !options.trouble; i++) {
        const struct valued *option = find_valued(words[i]);

        options.word = words[i];
        if (option)
            options.trouble = take_value(&options, option, ++i < count ? words[i] : NULL);
        else if (!take_flag(&options, words[i]))
            options.trouble = "is no option";
    }
    return options;
}

void options_deinit(struct options *options)
{
    for (size_t i = 0; i < options->disk_count; i++)
        free(options->disks[i].path);
    free(options->root);
}
