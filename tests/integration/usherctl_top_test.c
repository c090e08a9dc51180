/* `usherctl top` on a terminal: what it shows, and what its keys do. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/terminal.h"
#include "support/usher.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

TestSuite(usherctl_top, .timeout = 60);

enum { ROWS = 24, COLUMNS = 110, SOON_MS = 8000 };

static struct usher *usher;
static struct origin *a;
static struct terminal *terminal;

static bool shows(const char *text)
{
    return terminal_shows(terminal, text);
}

/* Is there a line with both? */
static bool shows_line(const char *begin, const char *text)
{
    const char *line = strstr(terminal_screen(terminal), begin);

    return line && strstr(kept_format("%.*s", (int)strcspn(line, "\n"), line), text);
}

static const char *write_config(void)
{
    return kept_format(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "server = a %s\nserver = off 127.0.0.1:1\n",
                       origin_address(a));
}

static void start_usher(void)
{
    usher = usher_start("%s", write_config());
    eventually(usher_stat_is(usher, "app/off", "status", "DOWN"), SOON_MS);
}

static void start_top(const char *address)
{
    terminal = terminal_start(ROWS, COLUMNS, "%sctl -s %s top --interval 100ms",
                              usher_program(), address);
    eventually(shows("app/a"), SOON_MS);
}

static void start(void)
{
    a = origin_start("a");
    start_usher();
    start_top(usher_admin_address(usher));
}

static void stop(void)
{
    terminal_type(terminal, "q");
    cr_expect_eq(terminal_wait(terminal), 0);
    cr_expect(strstr(terminal_written(terminal), "\033[?1049l"),
              "the screen is as it was before");
    terminal_end(terminal);
    usher_stop(usher);
}

Test(usherctl_top, shows_what_changes)
{
    struct client *client;

    start();
    eventually(shows_line("frontend web", "OPEN"), SOON_MS);
    eventually(shows_line("app/off", "down: Connection refused"), SOON_MS);
    cr_expect(strstr(terminal_written(terminal), "\033[31m"), "colours");
    client = client_connect(usher);
    cr_expect_str_eq(client_ask(client, "who"), "a");
    eventually(shows("sessions 1 of"), SOON_MS);
    eventually(shows_line("app/a", " 0 B/s"), SOON_MS);
    eventually((client_ask(client, "who"), !shows_line("app/a", " 0 B/s")), SOON_MS);
    client_close(client);
    eventually(shows("sessions 0 of"), SOON_MS);
    stop();
}

Test(usherctl_top, changes_the_chosen_server)
{
    start();
    terminal_type(terminal, "d");
    eventually(shows("choose a server first"), SOON_MS);
    terminal_type(terminal, "jj");
    terminal_type(terminal, "d");
    eventually(usher_stat_is(usher, "app/a", "status", "DRAIN"), SOON_MS);
    eventually(shows_line("app/a", "drain: administrator"), SOON_MS);
    terminal_type(terminal, "r");
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), SOON_MS);
    eventually(shows_line("app/a", "ready: administrator"), SOON_MS);
    terminal_type(terminal, "m");
    eventually(shows("y or n?"), SOON_MS);
    terminal_type(terminal, "n");
    eventually(!shows("y or n?"), SOON_MS);
    cr_expect(usher_stat_is(usher, "app/a", "status", "UP"));
    terminal_type(terminal, "m");
    terminal_type(terminal, "y");
    eventually(usher_stat_is(usher, "app/a", "status", "MAINT"), SOON_MS);
    eventually(shows_line("app/a", "MAINT"), SOON_MS);
    cr_expect(usher_stat_is(usher, "app/off", "status", "DOWN"));
    stop();
}

Test(usherctl_top, moves_by_arrows_to_the_server_it_changes)
{
    start();
    terminal_type(terminal, "\033OB\033OB\033OB\033OB\033OA\033OBd");
    eventually(shows_line("app/off", "drain: administrator"), SOON_MS);
    cr_expect_neq(strcmp(usher_stat(usher, "app", "a", "status"), "DRAIN"), 0);
    stop();
}

Test(usherctl_top, sorts_and_filters)
{
    start();
    terminal_type(terminal, "ss");
    eventually(shows("sorted by state"), SOON_MS);
    eventually(!shows("frontend web"), SOON_MS);
    eventually(strstr(terminal_screen(terminal), "app/off") <
                   strstr(terminal_screen(terminal), "app/a"),
               SOON_MS);
    terminal_type(terminal, "/a");
    terminal_type(terminal, "/a");
    eventually(shows("filter: a/a_"), SOON_MS);
    terminal_type(terminal, "\177\177\177off\r");
    eventually(shows("rows 1 of 4  filter: off"), SOON_MS);
    eventually(!shows("app/a"), SOON_MS);
    terminal_type(terminal, "/\033");
    eventually(shows("rows 2 of 4"), SOON_MS);
    stop();
}

Test(usherctl_top, fits_the_window)
{
    start();
    terminal_type(terminal, "h");
    eventually(shows("one row up"), SOON_MS);
    terminal_type(terminal, "x");
    eventually(shows("app/a"), SOON_MS);
    terminal_resize(terminal, 6, 40);
    eventually(shows("backend app") && !shows("app/a") && !shows("WHY"), SOON_MS);
    terminal_type(terminal, "jjj");
    eventually(shows("app/off") && !shows("frontend web"), SOON_MS);
    terminal_resize(terminal, 2, 5);
    eventually(shows("usher"), SOON_MS);
    terminal_resize(terminal, ROWS, COLUMNS);
    eventually(shows("frontend web") && shows("WHY"), SOON_MS);
    stop();
}

Test(usherctl_top, heeds_keys_while_usher_is_frozen)
{
    start();
    usher_signal(usher, SIGSTOP);
    terminal_type(terminal, "h");
    eventually(shows("one row up"), SOON_MS);
    terminal_type(terminal, "x");
    eventually(shows("app/a"), SOON_MS);
    usher_signal(usher, SIGCONT);
    stop();
}

static void lead_to_usher(const char *path)
{
    const char *socket = usher_admin_address(usher) + strlen("unix:");

    (void)unlink(path);
    cr_assert_eq(symlink(socket, path), 0);
}

Test(usherctl_top, comes_back_with_usher)
{
    const char *folder = scratch_create(), *path = scratch_path(folder, "socket");

    a = origin_start("a");
    start_usher();
    lead_to_usher(path);
    start_top(path);
    usher_stop(usher);
    eventually(shows("not connected, trying again: "), SOON_MS);
    cr_expect(shows("app/a"), "what was seen last stays");
    terminal_type(terminal, "jjd");
    eventually(shows("not done"), SOON_MS);
    start_usher();
    lead_to_usher(path);
    eventually(!shows("not connected"), SOON_MS);
    eventually(shows_line("app/off", "DOWN"), SOON_MS);
    cr_expect(usher_stat_is(usher, "app/a", "status", "UP"), "what was not done, is not");
    scratch_remove(folder);
    stop();
}

Test(usherctl_top, ends_with_a_signal_and_leaves_the_screen_in_order)
{
    start();
    terminal_type(terminal, "\003");
    cr_expect_neq(terminal_wait(terminal), -1);
    cr_expect(strstr(terminal_written(terminal), "\033[?1049l"));
    terminal_end(terminal);
    usher_stop(usher);
}
