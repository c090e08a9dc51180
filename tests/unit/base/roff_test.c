#include "base/roff.h"

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <string.h>

static struct buffer out;

static void tear_down(void)
{
    buffer_deinit(&out);
}

TestSuite(roff, .fini = tear_down);

static void expect_written(const char *text)
{
    cr_expect_str_eq(buffer_text(&out), text);
    buffer_clear(&out);
}

Test(roff, writes_texts_as_they_are_meant)
{
    static const struct {
        const char *text, *written;
    } cases[] = {
        { "plain", ".PP\nplain\n" },
        { "C:\\n", ".PP\nC:\\en\n" },
        { "--keys", ".PP\n\\-\\-keys\n" },
        { ".TH", ".PP\n\\&.TH\n" },
        { "'br", ".PP\n\\(aqbr\n" },
        { "a \"b\" ^~", ".PP\na \\(dqb\\(dq \\(ha\\(ti\n" },
        { "say `a b` or `c`.", ".PP\nsay \\fBa b\\fR or \\fBc\\fR.\n" },
        { "two  blanks", ".PP\ntwo blanks\n" },
        { "ONE:TWO", ".PP\nONE:TWO\n" },
        { "A_WORD_OF_A_LIST_WITH_COLONS:THAT_IS_TOO_LONG_FOR_A_LINE",
          ".PP\nA_WORD_OF_A_LIST_WITH_COLONS:\\:THAT_IS_TOO_LONG_FOR_A_LINE\n" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        roff_paragraph(&out, cases[i].text);
        expect_written(cases[i].written);
    }
}

/* A word that begins a line because of where the line is cut is no request either. */
Test(roff, wraps_lines_and_guards_their_beginnings)
{
    char text[400] = "";
    size_t longest = 0;

    for (int i = 0; i < 90; i++)
        (void)strcat(text, i % 2 ? ".x " : "- ");
    roff_section(&out, "WRAPPED");
    roff_paragraph(&out, text);
    for (const char *line = strchr(out.bytes, '\n') + 1; *line;) {
        size_t length = strcspn(line, "\n");

        cr_expect_neq(*line, '.', "%s", line);
        longest = length > longest ? length : longest;
        line += length + 1;
    }
    cr_expect_leq(longest, 80);
    cr_expect_geq(longest, 60);
}

Test(roff, puts_no_space_behind_a_heading)
{
    roff_section(&out, "A B");
    roff_paragraph(&out, "one");
    roff_paragraph(&out, "two");
    roff_subsection(&out, "[web-1]");
    roff_synopsis(&out, "usher", "-c FILE");
    roff_synopsis(&out, "usher", NULL);
    expect_written(".SH \"A B\"\none\n.PP\ntwo\n.SS \"[web\\-1]\"\n"
                   "\\fBusher\\fR \\fI\\-c FILE\\fR\n.br\n\\fBusher\\fR\n");
}

Test(roff, writes_terms_and_what_they_mean)
{
    roff_entry(&out, "--listen", "PORT", "where");
    roff_more(&out, "more");
    roff_indent(&out);
    roff_entry(&out, "tcp", "", "one kind");
    roff_outdent(&out);
    expect_written(".TP\n\\fB\\-\\-listen\\fR \\fIPORT\\fR\nwhere\n.IP\nmore\n"
                   ".RS\n.TP\n\\fBtcp\\fR\none kind\n.RE\n");
}

Test(roff, keeps_the_lines_of_examples)
{
    roff_section(&out, "E");
    roff_example(&out, ".a  `b`\n\nc\\\n");
    expect_written(".SH \"E\"\n.RS 4\n.nf\n\\&.a  \\(gab\\(ga\n\\&\nc\\e\n.fi\n.RE\n");
}

Test(roff, names_other_pages)
{
    static const char *const pages[] = { "usher.ini(5)", "usher-agent(8)", NULL };

    roff_see(&out, pages);
    expect_written(".SH \"SEE ALSO\"\n.BR usher.ini (5),\n.BR usher\\-agent (8)\n");
}

Test(roff, begins_with_title_and_name)
{
    roff_begin(&out, &(struct roff_page){ "usher-agent", 8, "tell an usher" });
    cr_expect_eq(strncmp(out.bytes, ".TH \"USHER\\-AGENT\" \"8\" \"20", 25), 0, "%s",
                 out.bytes);
    cr_expect(strstr(out.bytes, "\n.SH \"NAME\"\nusher\\-agent \\- tell an usher\n"));
}
