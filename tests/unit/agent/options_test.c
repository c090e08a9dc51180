#include "agent/options.h"

#include <criterion/criterion.h>
#include <string.h>

enum { WORDS_MOST = 40 };

/* Of words with one blank between. */
static struct options read_line(const char *line)
{
    static char copy[4096];
    char *words[WORDS_MOST] = { copy };
    int count = 1;

    (void)strcpy(copy, line);
    for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
        words[count++] = word;
    return options_read(count, words);
}

Test(options, are_safe_by_themselves)
{
    struct options options = read_line("");

    cr_expect_null(options.trouble);
    cr_expect_str_eq(address_text(&options.listen).chars, "127.0.0.1:9099");
    cr_expect(options.cpu.is_on && options.memory.is_on);
    cr_expect_not(options.load.is_on);
    cr_expect_eq(options.disk_count, 0);
    options_deinit(&options);
}

Test(options, are_read)
{
    struct options options = read_line(
        "--listen [::1]:1234 --cpu 70:90 --memory off --load 100:300 --window 9"
        " --disk /var=90:98:down --disk /a=b=5:6 --root /host --once");

    cr_assert_null(options.trouble, "%s %s", options.word, options.trouble);
    cr_expect_str_eq(address_text(&options.listen).chars, "[::1]:1234");
    cr_expect_eq(options.cpu.from, 70);
    cr_expect_eq(options.cpu.to, 90);
    cr_expect_not(options.memory.is_on);
    cr_expect_eq(options.load.to, 300);
    cr_expect_eq(options.window_s, 9);
    cr_expect_str_eq(options.disks[0].path, "/var");
    cr_expect(options.disks[0].is_fatal);
    cr_expect_str_eq(options.disks[1].path, "/a=b");
    cr_expect_not(options.disks[1].is_fatal);
    cr_expect_eq(options.disks[1].threshold.to, 6);
    cr_expect_str_eq(options.root, "/host");
    cr_expect(options.once);
    options_deinit(&options);
}

Test(options, that_are_wrong_are_named)
{
    static const struct {
        const char *line, *word;
    } cases[] = {
        { "--what", "--what" },
        { "--once --cpu", "--cpu" },
        { "--cpu 5", "--cpu" },
        { "--cpu 90:80", "--cpu" },
        { "--cpu 90:101", "--cpu" },
        { "--cpu a:b", "--cpu" },
        { "--cpu -1:5", "--cpu" },
        { "--disk var=1:2", "--disk" },
        { "--disk /var", "--disk" },
        { "--disk /var=1:2:drain", "--disk" },
        { "--listen example.com:80", "--listen" },
        { "--listen unix:/x", "--listen" },
        { "--listen 1.2.3.4", "--listen" },
        { "--window 0", "--window" },
        { "--window 61", "--window" },
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct options options = read_line(cases[i].line);

        cr_assert(options.trouble, "%s", cases[i].line);
        cr_expect_str_eq(options.word, cases[i].word);
        options_deinit(&options);
    }
}

Test(options, have_room_for_so_many_disks)
{
    char line[2048] = "";
    struct options options;

    for (int i = 0; i < DISKS_MOST; i++)
        (void)strcat(line, "--disk /=1:2 ");
    options = read_line(line);
    cr_expect_null(options.trouble);
    options_deinit(&options);
    options = read_line(strcat(line, "--disk /=1:2"));
    cr_expect_str_eq(options.trouble, "there are too many");
    options_deinit(&options);
}
