/* What the tests of this folder share: bad configurations as cases with the exact report,
 * and a folder of their own for those that need files. */
#pragma once

#include "config/settings.h"

#include "base/buffer.h"

#include <criterion/criterion.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A good configuration of six lines, to be followed by what is wrong. */
#define WEB "[frontend web]\nbind = :80\nbackend = app\n"
#define APP "[backend app]\nserver = a 127.0.0.1:9001\n"
#define GOOD WEB APP

struct wrong_case {
    const char *text;
    const char *report;
};

/* Of a text, or of a file when the text is NULL. */
static inline struct settings *read_reported(const char *path, const char *text,
                                             struct buffer *report)
{
    struct problems *problems = problems_create();
    struct settings *settings = text ? settings_read_text(path, text, problems)
                                     : settings_read(path, problems);

    problems_write(problems, report);
    problems_destroy(problems);
    return settings;
}

static inline void expect_wrong(const struct wrong_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct buffer report = { 0 };

        cr_expect_null(read_reported("x.ini", cases[i].text, &report), "case %zu", i);
        cr_expect_str_eq(buffer_text(&report), cases[i].report,
                         "case %zu\n%s\nwanted:\n%s\ncame:\n%s", i, cases[i].text,
                         cases[i].report, buffer_text(&report));
        buffer_deinit(&report);
    }
}

#define expect_wrong_cases(cases) expect_wrong(cases, sizeof cases / sizeof *cases)

/* The caller owns the settings. */
static inline struct settings *read_good(const char *path, const char *text)
{
    struct buffer report = { 0 };
    struct settings *settings = read_reported(path, text, &report);

    cr_assert(settings, "%s", buffer_text(&report));
    cr_expect_str_eq(buffer_text(&report), "");
    buffer_deinit(&report);
    return settings;
}

static inline void expect_file_wrong(const char *path, const char *wanted)
{
    struct buffer report = { 0 };

    cr_expect_null(read_reported(path, NULL, &report));
    cr_expect_str_eq(buffer_text(&report), wanted, "%s\nwanted:\n%s\ncame:\n%s", path,
                     wanted, buffer_text(&report));
    buffer_deinit(&report);
}

static inline void write_bytes(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "we");

    cr_assert(file);
    cr_assert_eq(fwrite(bytes, 1, length, file), length);
    cr_assert_eq(fclose(file), 0);
}

static inline void write_file(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

/* Paths of a test are relative to a folder of its own, so that reports are exact. */
static char own_folder[] = "/tmp/usher-config-XXXXXX";

static inline void enter_folder(void)
{
    cr_assert(mkdtemp(own_folder));
    cr_assert_eq(chdir(own_folder), 0);
}

static inline int remove_one(const char *path, const struct stat *status, int kind,
                             struct FTW *where)
{
    (void)status;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void leave_folder(void)
{
    (void)chdir("/");
    (void)nftw(own_folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}
