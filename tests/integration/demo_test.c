/* `usher --demo` on a machine where its ports are free. */
#include "support/client.h"
#include "support/kept.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"
#include "support/wire.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

TestSuite(demo, .timeout = 60);

static bool are_ports_free(void)
{
    static const char *const addresses[] = { "127.0.0.1:8080", "127.0.0.1:9001",
                                             "127.0.0.1:9002", "127.0.0.1:9003" };

    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        int fd = wire_listen(addresses[i], 1);

        if (fd == -1)
            return false;
        (void)close(fd);
    }
    return true;
}

static const char *curl(void)
{
    struct spawned spawned = spawn_line("curl -s -m 5 http://127.0.0.1:8080/");

    return spawned.status == 0 ? spawned.out : "";
}

Test(demo, shows_turns_to_curl_and_ends_on_interrupt)
{
    const char *folder = scratch_create(), *argv[] = { usher_program(), "--demo", NULL };
    const char *answers[6];
    pid_t pid;

    if (!are_ports_free())
        cr_skip("a port of the demo is taken");
    pid = spawn_begin(&(struct spawn){ .argv = argv,
                                       .out = scratch_path(folder, "out"),
                                       .err = scratch_path(folder, "err") });
    eventually(curl()[0], 10000);
    for (int i = 0; i < 6; i++)
        answers[i] = curl();
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(strncmp(answers[i], "origin ", 7), 0, "%s", answers[i]);
        cr_expect_eq(answers[i][7], answers[i + 3][7], "%s is no turn", answers[i + 3]);
        cr_expect_neq(answers[i][7], answers[i + 1][7], "%s again", answers[i]);
    }
    cr_expect(strstr(kept_file(scratch_path(folder, "out")), "curl"), "nothing to try");
    cr_assert_eq(kill(pid, SIGINT), 0);
    cr_expect_eq(spawn_wait(pid, patience_ms(10000)), 0);
    cr_expect(are_ports_free(), "something was left behind");
    scratch_remove(folder);
}
