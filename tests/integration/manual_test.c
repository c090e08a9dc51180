/* The manual pages: what reads them has nothing to say about them, and nothing that the
 * programs know is missing. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <stdlib.h>
#include <string.h>

TestSuite(manual, .timeout = 60);

enum { KEYS_LEAST = 100, COMMANDS_LEAST = 30, FIELDS_LEAST = 12 };

static const char *page_of(const char *options)
{
    struct spawned spawned = spawn_line("%s%s", usher_program(), options);

    cr_assert_eq(spawned.status, 0, "usher%s: %s", options, spawned.err);
    cr_expect_str_eq(spawned.err, "");
    return spawned.out;
}

static void expect_nothing_said(const char *command, const char *path)
{
    struct spawned spawned = spawn_line("%s %s", command, path);

    cr_expect_eq(spawned.status, 0, "%s: status %d", command, spawned.status);
    cr_expect_str_eq(spawned.err, "", "%s: %s", command, spawned.err);
    /* mandoc talks to standard output, where man shows the page. */
    if (!strncmp(command, "mandoc", 6))
        cr_expect_str_eq(spawned.out, "", "%s: %s", command, spawned.out);
}

Test(manual, is_well_formed)
{
    static const struct {
        const char *options, *name;
    } pages[] = {
        { " --manual 8", "usher.8" },
        { " --manual 5", "usher.ini.5" },
        { "-agent --manual", "usher-agent.8" },
        { "ctl --manual", "usherctl.1" },
    };
    const char *folder = scratch_create();

    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        const char *path = scratch_write(folder, pages[i].name,
                                         page_of(pages[i].options));

        expect_nothing_said("mandoc -T lint", path);
        expect_nothing_said("man --warnings -E UTF-8 -l", path);
    }
    scratch_remove(folder);
}

/* As roff has it: the dashes are escaped. */
static const char *escape(const char *text, size_t length)
{
    char escaped[256];
    size_t end = 0;

    for (size_t i = 0; i < length && end < sizeof escaped - 2; i++) {
        if (text[i] == '-')
            escaped[end++] = '\\';
        escaped[end++] = text[i];
    }
    return kept_format("%.*s", (int)end, escaped);
}

static bool has_entry(const char *page, const char *text, size_t length)
{
    return strstr(page, kept_format(".TP\n\\fB%s\\fR", escape(text, length)));
}

static const char *next_line(const char *text)
{
    const char *end = strchr(text, '\n');

    return end ? end + 1 : text + strlen(text);
}

/* "KEY = VALUE" or "; KEY = VALUE", as `usher --keys` writes them. */
Test(manual, tells_of_every_key)
{
    const char *page = page_of(" --manual 5");
    unsigned count = 0;

    for (const char *line = page_of(" --keys"); *line; line = next_line(line)) {
        const char *key = line + (strncmp(line, "; ", 2) ? 0 : 2);
        size_t length = strspn(key, "abcdefghijklmnopqrstuvwxyz-");

        if (!length || strncmp(key + length, " = ", 3) != 0)
            continue;
        cr_expect(has_entry(page, key, length), "no %.*s", (int)length, key);
        count++;
    }
    cr_expect_geq(count, KEYS_LEAST);
}

/* ";     OPTION (TYPE): HELP" */
Test(manual, tells_of_every_option_of_a_list)
{
    const char *page = page_of(" --manual 5");
    unsigned count = 0;

    for (const char *line = page_of(" --keys"); *line; line = next_line(line)) {
        size_t length;

        if (strncmp(line, ";     ", 6) != 0)
            continue;
        line += 6;
        length = strcspn(line, " ");
        cr_expect(has_entry(page, line, length), "no %.*s", (int)length, line);
        count++;
    }
    cr_expect_geq(count, 10);
}

/* "  NAME ARGUMENTS    : HELP": the name and what it takes, each in its font. */
Test(manual, tells_of_every_command)
{
    struct usher *usher = usher_start(USHER_WEB USHER_APP
                                      "check = off\nserver = a 127.0.0.1:1\n");
    const char *page = page_of(" --manual 8");
    unsigned count = 0;

    for (const char *line = next_line(usher_admin(usher, "help")); *line == ' ';
         line = next_line(line)) {
        const char *help = strstr(line, " : ");
        size_t length = strcspn(line + 2, "[|<\n") + 2;

        while (length > 2 && !has_entry(page, line + 2, length - 2))
            length--;
        cr_expect_gt(length, 2, "not there: %.*s", (int)(help - line), line);
        count++;
    }
    cr_expect_geq(count, COMMANDS_LEAST);
    usher_stop(usher);
}

/* Is it a word of a term, such as of "queue, connect, total"? */
static bool has_term(const char *page, const char *word, size_t length)
{
    const char *text = escape(word, length);

    for (const char *at = strstr(page, ".TP\n\\fB"); at; at = strstr(at + 1, ".TP\n")) {
        const char *term = kept_format("%.*s", (int)strcspn(at + 4, "\n"), at + 4);
        const char *found = strstr(term, text);

        if (found && strchr("B ", found[-1]) && strchr(",\\", found[strlen(text)]))
            return true;
    }
    return false;
}

/* "SENTENCE  KEY=VALUE KEY=VALUE" */
Test(manual, tells_of_all_that_is_logged_of_a_session)
{
    struct usher *usher = usher_start(USHER_WEB USHER_APP "check = off\nserver = a %s\n",
                                      origin_address(origin_start("a")));
    const char *page = page_of(" --manual 8"), *line;
    unsigned count = 0;

    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    eventually(usher_logged(usher, "session over", NULL), 10000);
    line = strstr(usher_logged(usher, "session over", NULL), "session=");
    for (const char *word = line; *word && *word != '\n'; count++) {
        size_t length = strcspn(word, "=\n");

        cr_expect(has_term(page, word, length), "no %.*s", (int)length, word);
        word += strcspn(word, " \n");
        word += *word == ' ';
    }
    cr_expect_geq(count, FIELDS_LEAST);
    usher_stop(usher);
}

/* "  NAME ..." of commands, "  -s, --socket ..." of options, "  0 ..." of endings. */
Test(manual, tells_of_all_that_usherctl_knows)
{
    const char *page = page_of("ctl --manual");
    unsigned count = 0;

    for (const char *line = page_of("ctl --help"); *line; line = next_line(line)) {
        size_t length = strcspn(line + 2, " ,\n");

        if (strncmp(line, "  ", 2) != 0 || line[2] == ' ')
            continue;
        line += 2;
        cr_expect(has_term(page, line, length), "no %.*s", (int)length, line);
        count++;
    }
    cr_expect_geq(count, 20);
}

Test(manual, has_no_other_pages)
{
    struct spawned spawned = spawn_line("%s --manual 7", usher_program());

    cr_expect_eq(spawned.status, 2);
    cr_expect_str_eq(spawned.out, "");
    cr_expect(strstr(spawned.err, "--manual wants 8 or 5"), "%s", spawned.err);
}
