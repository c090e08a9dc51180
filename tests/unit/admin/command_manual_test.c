#include "admin/command_manual.h"

#include "admin/command.h"
#include "base/buffer.h"

#include <criterion/criterion.h>
#include <string.h>

/* Each under its level, and nowhere else. */
Test(command_manual, tells_of_each_command_once)
{
    struct command_facts facts;
    struct buffer page = { 0 };
    size_t count = 0, entries = 0;

    command_manual_write(&page);
    while (command_describe(count, &facts))
        count++;
    for (const char *at = buffer_text(&page); (at = strstr(at, ".TP\n")); at++)
        entries++;
    cr_expect_gt(count, 30);
    cr_expect_eq(entries, count);
    buffer_deinit(&page);
}

Test(command_manual, sorts_them_by_level)
{
    static const char *const texts[] = {
        ".SS \"Level user\"\n",
        ".TP\n\\fBshow stat\\fR \\fI[",
        ".SS \"Level operator\"\n",
        ".TP\n\\fBshow sess\\fR \\fI[",
        ".SS \"Level admin\"\n",
        ".TP\n\\fBdisable server\\fR \\fIbackend/server\\fR\n",
        NULL
    };
    struct buffer page = { 0 };
    const char *at;

    command_manual_write(&page);
    at = buffer_text(&page);
    for (size_t i = 0; texts[i]; i++) {
        at = strstr(at, texts[i]);
        cr_assert(at, "no %s where it should be", texts[i]);
    }
    buffer_deinit(&page);
}
