/* Reads the command line: test the file, print what there is to know, or run. */
#include "admin/admin.h"
#include "admin/events.h"
#include "base/buffer.h"
#include "base/log.h"
#include "base/option.h"
#include "base/problem.h"
#include "base/version.h"
#include "config/schema.h"
#include "config/schema_manual.h"
#include "config/settings.h"
#include "control/control.h"
#include "demo.h"
#include "manual.h"
#include "net/resolver.h"
#include "net/tls.h"
#include "web/http.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the command line asks for. */
struct wishes {
    const char *file, *page;
    bool test, keys, demo, version, help;
};

#define WISH(member) .place = offsetof(struct wishes, member)

static const struct option_row rows[] = {
    { "-c", .argument = "FILE", WISH(file), .help = "serve what FILE says" },
    { "-t", WISH(test),
      .help = "with -c: only test FILE and all it names, and tell every problem" },
    { "--demo", WISH(demo), .help = "show usher with three small servers" },
    { "--keys", WISH(keys), .help = "print every key of a configuration, annotated" },
    { "--manual", .argument = "PAGE", WISH(page),
      .help = "print a manual page, for man -l -: 8 is usher(8), 5 is usher.ini(5)" },
    { "--version", "-v", WISH(version), .help = "print the version and build options" },
    { "--help", "-h", WISH(help), .help = "print this" },
    { .name = NULL },
};

static void print(struct buffer *text, FILE *out)
{
    (void)fputs(buffer_text(text), out);
    buffer_deinit(text);
}

static void print_usage(FILE *out)
{
    struct buffer text = { 0 };

    buffer_add_text(&text, "usage: usher -c FILE  or one of the others\n");
    option_write_usage(rows, &text);
    print(&text, out);
}

static void print_version(void)
{
    (void)printf("usher " USHER_VERSION "\n"
                 "built with: " BUILD_OPTIONS ", version " __VERSION__ "\n"
                 "libev: %d.%d (epoll)  c-ares: %s  %s\n",
                 ev_version_major(), ev_version_minor(), resolver_version(),
                 tls_library());
}

static void print_keys(void)
{
    struct buffer text = { 0 };

    schema_write(&text);
    print(&text, stdout);
}

static int print_problems(const struct problems *problems)
{
    struct buffer text = { 0 };

    problems_write(problems, &text);
    print(&text, stderr);
    return EXIT_FAILURE;
}

static int test(const char *path)
{
    struct problems *problems = problems_create();
    struct control_origin origin = { .path = path };
    bool is_good = control_test(&origin, problems);
    int status = is_good ? EXIT_SUCCESS : EXIT_FAILURE;

    (void)print_problems(problems);
    if (is_good)
        (void)fprintf(stderr, "%s is good\n", path);
    problems_destroy(problems);
    return status;
}

/* By which operators come in. */
struct operators {
    struct admin *admin;
    struct http *http;
};

static bool apply_operators(void *owner, const struct settings *settings,
                            struct problems *problems)
{
    struct operators *operators = owner;

    if (!http_prepare(operators->http, &settings->admin, problems))
        return false;
    if (!admin_apply(operators->admin, &settings->admin, problems)) {
        http_refuse(operators->http);
        return false;
    }
    http_commit(operators->http, &settings->admin);
    return true;
}

static bool begin(struct control *control, struct operators *operators,
                  struct problems *problems)
{
    if (!apply_operators(operators, control_settings(control), problems))
        return false;
    control_on_reload(control, apply_operators, operators);
    return control_begin(control, problems);
}

static bool serve(struct control *control, struct events *events,
                  struct problems *problems)
{
    struct operators operators = { admin_create(control, events), http_create(control) };
    bool has_begun = begin(control, &operators, problems);

    if (has_begun) {
        problems_log(problems);
        events_end_start(events);
        control_run(control);
    }
    http_destroy(operators.http);
    admin_destroy(operators.admin);
    return has_begun;
}

static int run(const struct control_origin *origin)
{
    struct problems *problems = problems_create();
    struct events *events = events_create();
    struct control *control = control_create(origin, problems);
    int status = EXIT_SUCCESS;

    if (!control || !serve(control, events, problems))
        status = print_problems(problems);
    control_destroy(control);
    events_destroy(events);
    problems_destroy(problems);
    log_close();
    return status;
}

static int run_file(const char *path)
{
    struct control_origin origin = { .path = path };

    return run(&origin);
}

static int run_demo(void)
{
    struct control_origin origin = { .name = "conf/demo.ini", .text = demo_text() };
    struct demo *demo = demo_begin();
    int status;

    if (!demo)
        return EXIT_FAILURE;
    status = run(&origin);
    demo_end(demo);
    return status;
}

static int complain(const char *word, const char *trouble)
{
    (void)fprintf(stderr, "usher: %s %s\n", word, trouble);
    print_usage(stderr);
    return 2;
}

static int print_manual(const char *page)
{
    struct buffer text = { 0 };

    if (!strcmp(page, "8"))
        manual_write(rows, &text);
    else if (!strcmp(page, "5"))
        schema_manual_write(&text);
    else
        return complain("--manual", "wants 8 or 5");
    print(&text, stdout);
    return EXIT_SUCCESS;
}

int main(int count, char **words)
{
    struct wishes wishes = { 0 };
    struct option_line line = { rows, count, words, &wishes, NULL, NULL };

    if (!option_read(&line))
        return complain(line.word, line.trouble);
    if (wishes.help)
        print_usage(stdout);
    else if (wishes.version)
        print_version();
    else if (wishes.keys)
        print_keys();
    else if (wishes.page)
        return print_manual(wishes.page);
    else if (wishes.demo)
        return run_demo();
    else if (!wishes.file)
        return complain("no file:", "say -c FILE, or try --demo");
    else
        return wishes.test ? test(wishes.file) : run_file(wishes.file);
    return EXIT_SUCCESS;
}
