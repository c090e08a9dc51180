/* Any text as a configuration, by itself and as the end of a good one: it is read or
 * refused with a problem, never both. */
#include "base/memory.h"
#include "base/problem.h"
#include "config/settings.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char good[] = "[frontend web]\nbind = :80\nbackend = app\n"
                           "[backend app]\nserver = a [::1]:80\n";

static void read_text(const char *text)
{
    struct problems *problems = problems_create();
    struct settings *settings = settings_read_text("fuzz.ini", text, problems);

    ensure(!settings == (problems_count(problems) > 0));
    settings_destroy(settings);
    problems_destroy(problems);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = memory_new(sizeof good + size), *end = text + sizeof good - 1;

    memcpy(text, good, sizeof good);
    memcpy(end, data, size);
    /* No files of this machine: what they hold would not be repeatable. */
    if (!strstr(end, "include")) {
        read_text(text);
        read_text(end);
    }
    free(text);
    return 0;
}
