#include "generations.h"

#include "backend/server_set.h"
#include "base/log.h"
#include "control/strength.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LOG_MOST = 16384 };

static struct backend *app;
static char log_path[] = "/tmp/strength_test.XXXXXX";
static char logged[LOG_MOST];

static struct server *add_server(const char *name, unsigned priority, bool backup)
{
    struct server_settings settings = {
        .name = name, .text = name, .weight = 1, .priority = priority, .backup = backup
    };
    struct server *server;

    cr_assert_null(address_parse("127.0.0.1:9", &settings.destination));
    server = server_create(app, &settings, WORKERS);
    server->is_checked = true;
    backend_add(app, server);
    return server;
}

/* Two of tier 1, two of tier 2, two backups. */
static void set_up(void)
{
    struct problems *problems = problems_create();

    cr_assert_neq(close(mkstemp(log_path)), -1);
    (void)remove(log_path);
    cr_assert(log_open(log_path, problems));
    problems_destroy(problems);
    log_set_level(LEVEL_NOTICE);
    app = backend_create("app", 1, WORKERS);
    app->recovery = (struct recovery_settings){ .min_healthy = { .amount = 2 },
                                                .below = BELOW_BACKUP };
    (void)add_server("a", 1, false);
    (void)add_server("b", 1, false);
    (void)add_server("c", 2, false);
    (void)add_server("d", 2, false);
    (void)add_server("e", 1, true);
    (void)add_server("f", 1, true);
}

static void tear_down(void)
{
    backend_destroy(app);
    (void)remove(log_path);
}

TestSuite(strength, .timeout = 20, .init = set_up, .fini = tear_down);

/* What was logged since the last time. */
static const char *read_log(void)
{
    static size_t seen;
    FILE *file = fopen(log_path, "r");
    size_t before = seen;

    cr_assert(file);
    seen = fread(logged, 1, sizeof logged - 1, file);
    (void)fclose(file);
    logged[seen] = '\0';
    return logged + before;
}

/* Those named are up, the others down. What is logged of it. */
static const char *with(const char *names)
{
    for (size_t i = 0; i < app->server_count; i++) {
        bool is_up = strchr(names, app->servers[i]->name[0]);

        (void)server_set_health(app->servers[i], is_up ? HEALTH_UP : HEALTH_DOWN);
    }
    strength_note(app);
    strength_note(app);
    return read_log();
}

/* As if a second had passed. */
static void forget_what_was_told(void)
{
    app->told_serving = app->told_health = (struct tidings){ 0 };
}

static void expect_line(const char *names, const char *level, const char *text)
{
    const char *line = with(names);
    const char *end = strchr(line, '\n');

    cr_expect(strstr(line, level), "%s: not %s: %s", names, level, line);
    cr_expect(strstr(line, text), "%s: not \"%s\": %s", names, text, line);
    cr_expect(end && !end[1], "%s: not one line: %s", names, line);
}

Test(strength, tells_of_each_tier_that_serves_once)
{
    expect_line("abcdef", "notice", "backend app can serve");
    cr_expect_str_eq(with("abcdef"), "");
    expect_line("acdef", "warning",
                "backend app is served by tier 2: 1 of 2 servers of tier 1 are fit, "
                "2 are needed  backend=app tier=\"2\"");
    cr_expect_str_eq(with("cdef"), "");
    expect_line("cef", "warning", "backend app is served by tier backup: 0 of 2");
    expect_line("abcdef", "notice", "backend app is served by its first tier again");

    cr_expect_eq(app->times_degraded, 2);
    cr_expect_eq(app->times_down, 0);
}

Test(strength, tells_when_too_few_serve)
{
    (void)with("abcdef");
    expect_line("ace", "warning",
                "backend app is below min-healthy, tier 1 serves all the same: 1 of 2");
    cr_expect_eq(app->serving.reason, TIERS_TOO_FEW);
    expect_line("ab", "notice", "backend app is served by its first tier again");

    cr_expect_eq(app->times_degraded, 1);
}

Test(strength, tells_when_all_serve_fit_or_not)
{
    app->recovery.below = BELOW_FAIL_OPEN;
    (void)with("abcdef");
    expect_line("ace", "error",
                "backend app fails open, tier 1 serves fit or not: 1 of 2");
    cr_expect_str_eq(with(""), "");
    expect_line("ab", "notice", "backend app is served by its first tier again");

    cr_expect_eq(app->times_degraded, 1);
    cr_expect_eq(app->times_down, 0);
}

Test(strength, tells_why_nobody_serves)
{
    (void)with("abcdef");
    forget_what_was_told();
    expect_line("", "error", "backend app has no server left that is fit");
    expect_line("ab", "notice", "backend app can serve");
    forget_what_was_told();
    app->recovery.below = BELOW_REFUSE;
    expect_line("ace", "error",
                "backend app refuses sessions: 1 of 2 servers of tier 1 are fit, 2 are");
    expect_line("ab", "notice", "backend app can serve");

    cr_expect_eq(app->times_degraded, 0);
    cr_expect_eq(app->times_down, 2);
}

Test(strength, waits_for_first_verdicts)
{
    strength_note(app);
    cr_expect_eq(app->health, HEALTH_UNKNOWN);
    cr_expect_str_eq(read_log(), "");

    (void)server_set_health(app->servers[0], HEALTH_UP);
    strength_note(app);
    cr_expect_eq(app->health, HEALTH_UP);
    cr_expect_eq(app->serving.tier, 0);
    (void)server_set_health(app->servers[1], HEALTH_UP);
    strength_note(app);
    cr_expect_eq(app->serving.tier, 1);
    cr_expect_eq(app->times_degraded, 0);
}

/* What is logged once there is something. */
static const char *wait_for_log(void)
{
    const char *line = "";

    while (!*line) {
        (void)usleep(10000);
        strength_tell(app);
        line = read_log();
    }
    return line;
}

static void be_published(void)
{
    app->is_stale = false;
    strength_tell(app);
}

Test(strength, tells_once_a_second_of_health_that_flaps)
{
    const char *line;

    (void)with("abcdef");
    for (int i = 0; i < 200; i++) {
        bool is_first = !i;

        cr_expect_eq(!*with(""), !is_first);
        cr_expect_str_eq(with("ab"), "");
        be_published();
        cr_expect_str_eq(read_log(), "");
    }
    cr_expect_eq(app->times_down, 200);

    line = wait_for_log();
    cr_expect(strstr(line, "notice  backend app can serve  changes=399 backend=app\n"),
              "%s", line);
    cr_expect_eq(strchr(line, '\n')[1], '\0', "%s", line);
}

Test(strength, tells_once_a_second_of_tiers_that_flap)
{
    const char *line;

    (void)with("abcdef");
    cr_expect(*with("acdef"));
    cr_expect(*with("abcdef"));
    for (int i = 0; i < 200; i++) {
        cr_expect_str_eq(with("acdef"), "");
        cr_expect_str_eq(with("abcdef"), "");
    }
    cr_expect_str_eq(with("acdef"), "");
    cr_expect_eq(app->times_degraded, 202);

    be_published();
    line = wait_for_log();
    cr_expect(strstr(line,
                     "backend app is served by tier 2: 1 of 2 servers of tier 1 are "
                     "fit, 2 are needed  changes=401 backend=app tier=\"2\"\n"),
              "%s", line);
    cr_expect_eq(strchr(line, '\n')[1], '\0', "%s", line);
}
