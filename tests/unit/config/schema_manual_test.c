#include "config/schema_manual.h"

#include "base/buffer.h"
#include "config/rows.h"

#include <criterion/criterion.h>
#include <string.h>

static struct buffer page;

static void set_up(void)
{
    schema_manual_write(&page);
}

static void tear_down(void)
{
    buffer_deinit(&page);
}

TestSuite(schema_manual, .init = set_up, .fini = tear_down);

static void expect_in_order(const char *const *texts)
{
    const char *at = buffer_text(&page);

    for (; *texts; texts++) {
        const char *found = strstr(at, *texts);

        cr_assert(found, "no %s where it should be", *texts);
        at = found + strlen(*texts);
    }
}

Test(schema_manual, has_each_section_with_its_keys)
{
    static const char *const texts[] = {
        ".SS \"[global]\"\n",        ".TP\n\\fBworkers\\fR\n",
        ".SS \"[admin]\"\n",         ".TP\n\\fBsocket\\fR \\fI= PATH|ADDRESS ",
        ".SS \"[defaults]\"\n",      ".SS \"[frontend NAME]\"\n",
        ".TP\n\\fBbind\\fR \\fI= ",  ".SS \"[backend NAME]\"\n",
        ".TP\n\\fBserver\\fR \\fI=", ".TP\n\\fBagent\\-send\\fR\n",
        ".SS \"[check NAME]\"\n",    "\\fBcheck\\-interval\\fR,",
        ".SH \"EXAMPLES\"\n",        NULL
    };

    expect_in_order(texts);
}

Test(schema_manual, tells_type_limits_and_what_a_key_starts_as)
{
    static const char *const texts[] = {
        "\\fBworkers\\fR\nthreads that serve clients; auto: one for each usable CPU\n",
        ".IP\nType: auto or a number, 1 to 256; initially auto; fixed: a change takes",
        ".TP\n\\fBnode\\fR\n",
        "For example: \\fBnode =",
        "\\fBtls\\-strict\\-sni\\fR\n",
        "Type: yes or no; initially no; needs tls\\-cert.\n",
        NULL
    };

    expect_in_order(texts);
}

Test(schema_manual, tells_of_the_options_of_a_list)
{
    static const char *const texts[] = {
        "\\fBserver\\fR \\fI= NAME ADDRESS ",
        "Type: list; required.",
        ".RS\n.TP\n\\fBweight\\fR\nits share of the sessions; 0: none (number, 0 to",
        ".RE\n",
        "\\fBbalance\\fR\n",
        NULL
    };

    expect_in_order(texts);
}

/* A key of a check stands once, where the backend's keys are. */
Test(schema_manual, tells_of_no_key_twice)
{
    const char *first = strstr(buffer_text(&page), ".TP\n\\fBcheck\\-interval\\fR\n");

    cr_assert(first);
    cr_expect_null(strstr(first + 1, ".TP\n\\fBcheck\\-interval\\fR\n"));
}
