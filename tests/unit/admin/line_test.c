#include "admin/line.h"

#include <criterion/criterion.h>
#include <string.h>

static struct line line;
static struct words words;

static void tear_down(void)
{
    line_deinit(&line);
}

TestSuite(line, .fini = tear_down);

/* The words of all commands, as "a b|c|" for two commands. */
static const char *cut(const char *text, size_t length)
{
    static char out[512];

    out[0] = '\0';
    line_begin(&line, text, length);
    while (line_next(&line, &words)) {
        for (size_t i = 0; i < words.count; i++) {
            strcat(out, i ? " " : "");
            strcat(out, words.at[i]);
        }
        strcat(out, "|");
    }
    return out;
}

Test(line, is_cut_at_semicolons_and_blanks)
{
    static const struct {
        const char *text, *commands;
    } cases[] = {
        { "", "|" },
        { "  \t ", "|" },
        { ";;", "|||" },
        { "show info", "show info|" },
        { "show info\r", "show info|" },
        { " show\t info  ", "show info|" },
        { "a;b c", "a|b c|" },
        { "a ; b", "a|b|" },
        { "a;", "a||" },
        { "a; ", "a||" },
        { ";a", "|a|" },
        { "echo a\\;b", "echo a;b|" },
        { "echo a\\ b", "echo a b|" },
        { "echo a\\\\;b", "echo a\\|b|" },
        { "echo \\;;\\;", "echo ;|;|" },
        { "echo a\\", "echo a|" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(cut(cases[i].text, strlen(cases[i].text)), cases[i].commands,
                         "%s", cases[i].text);
}

Test(line, ends_a_word_at_a_nul)
{
    cr_expect_str_eq(cut("show in\0fo x", 12), "show in x|");
}

Test(line, has_no_command_before_it_begins)
{
    cr_expect_not(line_next(&line, &words));
}

Test(line, takes_64_words_and_says_when_there_are_more)
{
    char text[2 * LINE_WORDS + 3] = "";

    for (int i = 0; i < LINE_WORDS; i++)
        strcat(text, "w ");
    line_begin(&line, text, strlen(text));
    cr_assert(line_next(&line, &words));
    cr_expect_eq(words.count, LINE_WORDS);
    cr_expect_not(words.are_too_many);

    strcat(text, "w");
    line_begin(&line, text, strlen(text));
    cr_assert(line_next(&line, &words));
    cr_expect(words.are_too_many);
    cr_expect_not(line_next(&line, &words));
}

Test(line, announces_a_payload_with_its_last_word)
{
    static const struct {
        const char *text, *mark, *commands;
    } cases[] = {
        { "set x <<", "", "set x|" },
        { "set x << ", "", "set x|" },
        { "set x <<%EOF%\r", "%EOF%", "set x|" },
        { "<<", "", "|" },
        { "a;b <<E", "E", "a|b|" },
        { "a;<<E", "E", "a||" },
        { "set x", NULL, "set x|" },
        { "set << x", NULL, "set << x|" },
        { "set a\\ <<", NULL, "set a <<|" },
        { "set x<<", NULL, "set x<<|" },
        { "", NULL, "|" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char mark[LINE_MARK_SIZE] = "none";
        char out[256] = "";

        line_begin(&line, cases[i].text, strlen(cases[i].text));
        cr_expect_eq(line_announces_payload(&line, mark), cases[i].mark != NULL, "%s",
                     cases[i].text);
        cr_expect_str_eq(mark, cases[i].mark ? cases[i].mark : "none");
        while (line_next(&line, &words)) {
            for (size_t j = 0; j < words.count; j++)
                strcat(strcat(out, j ? " " : ""), words.at[j]);
            strcat(out, "|");
        }
        cr_expect_str_eq(out, cases[i].commands, "%s", cases[i].text);
    }
}

Test(line, does_not_take_a_long_word_for_a_mark)
{
    char text[LINE_MARK_SIZE + 8] = "<<", mark[LINE_MARK_SIZE];

    memset(text + 2, 'x', LINE_MARK_SIZE);
    line_begin(&line, text, strlen(text));
    cr_expect_not(line_announces_payload(&line, mark));
    line_begin(&line, text, strlen(text) - 1);
    cr_expect(line_announces_payload(&line, mark));
}
