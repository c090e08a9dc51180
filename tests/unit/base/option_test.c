#include "base/option.h"

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

struct wishes {
    const char *file;
    bool loud, help;
    char first; /* of the colour */
};

static const char *take_colour(void *object, char *text)
{
    struct wishes *wishes = object;

    wishes->first = *text;
    *text = '\0';
    return wishes->first == 'x' ? "is no colour" : NULL;
}

static const struct option_row rows[] = {
    { "-c", .argument = "FILE", .place = offsetof(struct wishes, file),
      .help = "read FILE" },
    { "--colour", .argument = "NAME", .take = take_colour, .initial = "red",
      .help = "how it looks" },
    { "--loud", .place = offsetof(struct wishes, loud), .help = "say it" },
    { "--help", "-h", .place = offsetof(struct wishes, help), .help = "print this" },
    { .name = NULL },
};

static struct wishes wishes;
static char *words[8] = { (char[]){ "program" } };

static struct option_line read_words(int count)
{
    struct option_line line = { rows, count, words, &wishes, NULL, NULL };

    wishes = (struct wishes){ .file = NULL };
    cr_expect_eq(option_read(&line), !line.trouble);
    return line;
}

Test(option, none_is_fine)
{
    struct option_line line = read_words(1);

    cr_expect_null(line.trouble);
    cr_expect_null(wishes.file);
    cr_expect_not(wishes.loud || wishes.help || wishes.first);
}

Test(option, are_taken_in_any_order)
{
    char colour[] = "blue";
    struct option_line line;

    words[1] = (char[]){ "-h" };
    words[2] = (char[]){ "--colour" };
    words[3] = colour;
    words[4] = (char[]){ "-c" };
    words[5] = (char[]){ "a.ini" };
    line = read_words(6);
    cr_expect_null(line.trouble);
    cr_expect_str_eq(wishes.file, "a.ini");
    cr_expect_eq(wishes.first, 'b');
    cr_expect(wishes.help);
    cr_expect_not(wishes.loud);
    cr_expect_str_eq(colour, "blue", "the word itself was cut");
}

Test(option, that_are_wrong_are_named)
{
    static const struct {
        const char *first, *second, *word, *trouble;
    } cases[] = {
        { "--loud", "--lout", "--lout", "is no option" },
        { "--loud", "-c", "-c", "wants a value" },
        { "--colour", "xx", "--colour", "is no colour" },
        { "file", "--help", "file", "is no option" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct option_line line;

        words[1] = strdup(cases[i].first);
        words[2] = strdup(cases[i].second);
        line = read_words(3);
        cr_assert(line.trouble, "%s %s", cases[i].first, cases[i].second);
        cr_expect_str_eq(line.word, cases[i].word);
        cr_expect_str_eq(line.trouble, cases[i].trouble);
        free(words[1]);
        free(words[2]);
    }
}

Test(option, are_told_in_the_usage)
{
    struct buffer out = { 0 };

    option_write_usage(rows, &out);
    cr_expect_str_eq(buffer_text(&out), "  -c FILE        read FILE\n"
                                        "  --colour NAME  how it looks; initially red\n"
                                        "  --loud         say it\n"
                                        "  -h, --help     print this\n");
    buffer_deinit(&out);
}

Test(option, have_help_that_is_wrapped)
{
    const struct option_row wide[] = {
        { "-x", .help = "one two three four five six seven eight nine ten eleven twelve "
                        "thirteen fourteen" },
        { .name = NULL },
    };
    struct buffer out = { 0 };

    option_write_usage(wide, &out);
    cr_expect_str_eq(buffer_text(&out),
                     "  -x  one two three four five six seven eight nine ten eleven "
                     "twelve thirteen\n      fourteen\n");
    buffer_deinit(&out);
}

Test(option, are_told_in_the_manual)
{
    struct buffer out = { 0 };

    option_write_manual(rows + 1, &out);
    cr_expect_str_eq(buffer_text(&out),
                     ".TP\n\\fB\\-\\-colour\\fR \\fINAME\\fR\nhow it looks; initially "
                     "red\n.TP\n\\fB\\-\\-loud\\fR\nsay it\n.TP\n"
                     "\\fB\\-h, \\-\\-help\\fR\nprint this\n");
    buffer_deinit(&out);
}
