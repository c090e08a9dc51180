#include "reading.h"

#include <sys/stat.h>

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define THOUSAND                                                                         \
    HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED

TestSuite(reader, .init = enter_folder, .fini = leave_folder);

Test(reader, reports_lines_that_are_no_entries)
{
    static const struct wrong_case cases[] = {
        { GOOD "rise\n", "x.ini:6: \"rise\": write `key = value`\n" },
        { GOOD "rise 3\n", "x.ini:6: \"rise 3\": write `key = value`\n" },
        { GOOD "rise: 3\n", "x.ini:6: \"rise: 3\": write `key = value`\n" },
        { GOOD "bind: :80 = 3\n", "x.ini:6: \"bind: :80 = 3\": write `key = value`\n" },
        { GOOD "= 3\n", "x.ini:6: \"= 3\": write `key = value`\n" },
        { GOOD "   = 3\n", "x.ini:6: \"= 3\": write `key = value`\n" },
        { GOOD "rise =\n", "x.ini:6: rise = : a value is missing\n" },
        { GOOD "rise = ; three\n", "x.ini:6: rise = : a value is missing\n" },
        { GOOD "rise ; = 3\n", "x.ini:6: \"rise\": write `key = value`\n" },
        { "rise = 3\n" GOOD, "x.ini:1: \"rise\" stands before any section\n" },
        { GOOD "one\n\ntwo\n", "x.ini:6: \"one\": write `key = value`\n"
                               "x.ini:8: \"two\": write `key = value`\n" },
    };

    expect_wrong_cases(cases);
}

Test(reader, reports_headers_that_inih_would_take)
{
    static const struct wrong_case cases[] = {
        { GOOD "[global\nlog = stderr\n", "x.ini:6: \"[global\": the ] is missing\n" },
        { GOOD "[global] log = stderr\nworkers = 2\n",
          "x.ini:6: \"[global] log = stderr\": nothing may follow the ]\n" },
        { GOOD "[global]]\nworkers = 2\n",
          "x.ini:6: \"[global]]\": nothing may follow the ]\n" },
        { GOOD "[]\nlog = stderr\n",
          "x.ini:6: a section is written [KIND] or [KIND NAME]\n" },
        { GOOD "[frontend a b]\nbind = :81\n",
          "x.ini:6: a section is written [KIND] or [KIND NAME]\n" },
        { GOOD "[::1]:80 = v\n", "x.ini:6: \"[::1]:80 = v\": nothing may follow the ]\n"
                                 "x.ini:6: [::1] is empty\n"
                                 "x.ini:6: unknown section [::1]\n" },
        { GOOD "[backend " HUNDRED "]\nserver = a 127.0.0.1:1\n",
          "x.ini:6: [backend " HUNDRED "]: a name is at most 47 characters long\n" },
        { GOOD "[" HUNDRED "]\nserver = a 127.0.0.1:1\n",
          "x.ini:6: unknown section [" TEN TEN TEN TEN TEN TEN "]\n" },
    };

    expect_wrong_cases(cases);
}

Test(reader, reports_empty_and_repeated_sections)
{
    static const struct wrong_case cases[] = {
        { "[global]\n; nothing\n\n" GOOD, "x.ini:1: [global] is empty\n" },
        { GOOD "[global]", "x.ini:6: [global] is empty\n" },
        { GOOD "[frontend  web ]\nmaxconn = 5\n",
          "x.ini:6: [frontend web] begins at x.ini:1 already\n" },
        { GOOD "[frontend web]\nbackend = app\n",
          "x.ini:6: [frontend web] begins at x.ini:1 already\n"
          "x.ini:7: \"backend\" is set at x.ini:3 already\n" },
    };

    expect_wrong_cases(cases);
}

Test(reader, reports_lines_that_are_too_long)
{
    static const struct wrong_case cases[] = {
        { GOOD "rise = " THOUSAND THOUSAND THOUSAND THOUSAND "\n",
          "x.ini:6: the line is longer than 4000 bytes\n" },
        { GOOD ";" THOUSAND THOUSAND THOUSAND THOUSAND " = 5\nries = 2\n",
          "x.ini:6: the line is longer than 4000 bytes\n"
          "x.ini:7: unknown key \"ries\" in [backend app]; did you mean \"rise\"?\n" },
    };
    static const char longest[] = GOOD
        ";" THOUSAND THOUSAND THOUSAND HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
            HUNDRED HUNDRED HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN
        "123456789\nrise = 9";
    struct settings *settings = read_good("x.ini", longest);

    cr_expect_eq(settings->checks[0].rise, 9);
    settings_destroy(settings);
    expect_wrong_cases(cases);
}

Test(reader, reports_bytes_that_are_no_text)
{
    static const char nul[] = GOOD "rise = 3\0; the rest\n";
    static const struct wrong_case cases[] = {
        { GOOD "rise = \x1b[31m3\n",
          "x.ini:6: the line holds a byte 0x1b, which is no text\n" },
        { GOOD "ri\x7fse = 3\n",
          "x.ini:6: the line holds a byte 0x7f, which is no text\n" },
    };

    expect_wrong_cases(cases);
    write_bytes("nul.ini", nul, sizeof nul - 1);
    expect_file_wrong("nul.ini",
                      "nul.ini:6: the line holds a byte 0x00, which is no text\n");
}

Test(reader, understands_comments_blanks_and_other_ends_of_lines)
{
    struct settings *settings = read_good("x.ini",
                                          "\xEF\xBB\xBF  [frontend web] ; comment\r\n"
                                          "\tbind=:80 # comment\r\n"
                                          "    backend   =   app\r\n"
                                          "# comment = 1\n;comment\n"
                                          "  [backend app]\n"
                                          "server =\ta  127.0.0.1:9001\n"
                                          "\n[global]\npid-file = /a=b;c#d: e ; f");

    cr_expect_str_eq(settings->frontends[0].binds[0].text, ":80");
    cr_expect_str_eq(settings->frontends[0].backend, "app");
    cr_expect_str_eq(settings->global.pid_file, "/a=b;c#d: e");
    cr_expect_eq(settings->global.place.line, 9);
    settings_destroy(settings);
}

Test(reader, says_why_a_file_cannot_be_opened)
{
    cr_assert_eq(mkdir("folder", 0700), 0);
    expect_file_wrong("none.ini", "cannot open none.ini: No such file or directory\n");
    expect_file_wrong("folder", "cannot open folder: Is a directory\n");
    expect_file_wrong("/dev/null", "cannot open /dev/null: it is no file\n");
    if (geteuid() == 0)
        return;
    write_file("closed.ini", GOOD);
    cr_assert_eq(chmod("closed.ini", 0), 0);
    expect_file_wrong("closed.ini", "cannot open closed.ini: Permission denied\n");
}

Test(reader, goes_on_with_the_section_after_an_include)
{
    struct settings *settings;

    cr_assert_eq(mkdir("parts", 0700), 0);
    write_file("usher.ini", "include = parts/app.ini\n" WEB "include = parts/other.ini\n"
                            "maxconn = 5\n");
    write_file("parts/app.ini", "include = log.ini\n" APP);
    write_file("parts/log.ini", "[global]\nlog-level = debug\n");
    write_file("parts/other.ini", "[frontend other]\nbind = :81\nbackend = app\n");

    settings = read_good("usher.ini", NULL);
    cr_expect_eq(settings->frontend_count, 2);
    cr_expect_eq(settings->frontends[0].maxconn, 5);
    cr_expect_eq(settings->frontends[1].maxconn, 0);
    cr_expect_str_eq(settings->backends[0].place.file, "parts/app.ini");
    cr_expect_eq(settings->backends[0].place.line, 2);
    settings_destroy(settings);
}

Test(reader, reads_a_folder_by_its_alphabet)
{
    struct settings *settings;

    cr_assert_eq(mkdir("parts", 0700), 0);
    write_file("usher.ini", GOOD "include = parts");
    write_file("parts/b.ini", "[frontend b]\nbind = :82\nbackend = app\n");
    write_file("parts/a.ini", "[frontend a]\nbind = :81\nbackend = app\n");
    write_file("parts/B.ini", "[frontend B]\nbind = :83\nbackend = app\n");
    write_file("parts/.hidden.ini", "wrong");
    write_file("parts/notes.txt", "wrong");

    settings = read_good("usher.ini", NULL);
    cr_assert_eq(settings->frontend_count, 4);
    cr_expect_str_eq(settings->frontends[1].name, "B");
    cr_expect_str_eq(settings->frontends[2].name, "a");
    cr_expect_str_eq(settings->frontends[3].name, "b");
    settings_destroy(settings);
}

Test(reader, reports_what_is_wrong_with_includes)
{
    write_file("missing.ini", GOOD "include = none.ini\ninclude =\n");
    expect_file_wrong("missing.ini",
                      "missing.ini:6: cannot open none.ini: No such file or directory\n"
                      "missing.ini:7: include = : a value is missing\n");
    write_file("loop.ini", "include = middle.ini\n" GOOD);
    write_file("middle.ini", "\ninclude = ./loop.ini\n");
    expect_file_wrong("loop.ini", "middle.ini:2: ./loop.ini is being read already: "
                                  "the includes make a loop\n");
    write_file("twice.ini", GOOD "include = again.ini\n");
    write_file("again.ini", "[global]\nlog = stderr\n\n" APP);
    expect_file_wrong(
        "twice.ini",
        "again.ini:4: [backend app] begins at twice.ini:4 already\n"
        "again.ini:5: server = a: the server at twice.ini:5 has this name already\n");
    write_file("bare.ini", GOOD "include = keys.ini\n");
    write_file("keys.ini", "rise = 3\n");
    expect_file_wrong("bare.ini", "keys.ini:1: \"rise\" stands before any section\n");
}

Test(reader, limits_how_deep_includes_go)
{
    char path[16], text[64];

    for (int i = 1; i <= 9; i++) {
        (void)snprintf(path, sizeof path, "%d.ini", i);
        (void)snprintf(text, sizeof text, "include = %d.ini\n", i + 1);
        write_file(path, text);
    }
    write_file("10.ini", GOOD);

    expect_file_wrong("1.ini",
                      "8.ini:1: 9.ini: files include each other more than 8 deep\n");
}
