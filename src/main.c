/* Reads the command line: test the file, print the keys, or run. */
#include "admin/admin.h"
#include "admin/events.h"
#include "base/buffer.h"
#include "base/log.h"
#include "base/problem.h"
#include "base/version.h"
#include "config/schema.h"
#include "config/settings.h"
#include "control/control.h"
#include "demo.h"
#include "net/resolver.h"
#include "net/tls.h"

#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_usage(FILE *out)
{
    (void)fprintf(out, "usage: usher -c FILE        serve what FILE says\n"
                       "       usher -t -c FILE     only test FILE; 0 when it is good\n"
                       "       usher --keys         print every key, annotated\n"
                       "       usher --demo         show usher with three small servers\n"
                       "       usher --version      print the version and build options\n"
                       "       usher --help         print this\n");
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
    (void)fputs(buffer_text(&text), stdout);
    buffer_deinit(&text);
}

static int print_problems(const struct problems *problems)
{
    struct buffer text = { 0 };

    problems_write(problems, &text);
    (void)fputs(buffer_text(&text), stderr);
    buffer_deinit(&text);
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

static bool apply_admin(void *admin, const struct settings *settings,
                        struct problems *problems)
{
    return admin_apply(admin, &settings->admin, problems);
}

static bool serve(struct control *control, struct events *events,
                  struct problems *problems)
{
    struct admin *admin = admin_create(control, events, problems);

    if (!admin)
        return false;
    control_on_reload(control, apply_admin, admin);
    if (!control_begin(control, problems)) {
        admin_destroy(admin);
        return false;
    }
    problems_log(problems);
    events_end_start(events);
    control_run(control);
    admin_destroy(admin);
    return true;
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

static int complain(const char *what, const char *word)
{
    (void)fprintf(stderr, "usher: %s%s\n", what, word);
    print_usage(stderr);
    return 2;
}

/* What the command line asks for. */
struct wishes {
    const char *file;
    const char *stranger; /* the first word that means nothing */
    bool test, keys, demo, version, help, lacks_file;
};

static struct wishes read_wishes(int count, char **words)
{
    struct wishes wishes = { 0 };
    const struct flag {
        const char *text;
        bool *wish;
    } flags[] = {
        { "-t", &wishes.test },     { "--keys", &wishes.keys },
        { "--demo", &wishes.demo }, { "--version", &wishes.version },
        { "-v", &wishes.version },  { "--help", &wishes.help },
        { "-h", &wishes.help },
    };

    for (int i = 1; i < count; i++) {
        size_t k = 0;

        if (!strcmp(words[i], "-c")) {
            wishes.file = ++i < count ? words[i] : NULL;
            wishes.lacks_file = !wishes.file;
            continue;
        }
        while (k < sizeof flags / sizeof *flags && strcmp(words[i], flags[k].text) != 0)
            k++;
        if (k < sizeof flags / sizeof *flags)
            *flags[k].wish = true;
        else if (!wishes.stranger)
            wishes.stranger = words[i];
    }
    return wishes;
}

int main(int count, char **words)
{
    struct wishes wishes = read_wishes(count, words);

    if (wishes.stranger)
        return complain("unknown option ", wishes.stranger);
    if (wishes.lacks_file)
        return complain("-c needs a file", "");
    if (wishes.help)
        print_usage(stdout);
    else if (wishes.version)
        print_version();
    else if (wishes.keys)
        print_keys();
    else if (wishes.demo)
        return run_demo();
    else if (!wishes.file)
        return complain("no file: say -c FILE, or try --demo", "");
    else
        return wishes.test ? test(wishes.file) : run_file(wishes.file);
    return EXIT_SUCCESS;
}
