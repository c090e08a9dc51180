/* The real usherctl with the real usher, as scripts and people use it. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/terminal.h"
#include "support/usher.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

TestSuite(usherctl, .timeout = 60);

enum { DONE, REFUSED, USAGE, UNREACHABLE, LATE, UNPRINTED };

static struct usher *usher;
static struct origin *a;

static const char *program(void)
{
    return kept_format("%sctl", usher_program());
}

/* Of an usher that nobody needs to be told where it is. */
static const char *ctl(void)
{
    return kept_format("%s -s %s", program(), usher_admin_address(usher));
}

static void start(void)
{
    a = origin_start("a");
    usher = usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                        "server = a %s maxconn=50\nserver = off 127.0.0.1:1\n",
                        origin_address(a));
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    eventually(usher_stat_is(usher, "app/off", "status", "DOWN"), 5000);
}

static struct spawned run(const char *words)
{
    return spawn_line("%s %s", ctl(), words);
}

static void expect(const char *words, int status, const char *out, const char *err)
{
    struct spawned spawned = run(words);

    cr_expect_eq(spawned.status, status, "%s: %d %s", words, spawned.status, spawned.err);
    cr_expect(strstr(spawned.out, out), "%s: %s", words, spawned.out);
    cr_expect(strstr(spawned.err, err), "%s: %s", words, spawned.err);
}

static const char *line_with(const char *text, const char *word)
{
    const char *at = strstr(text, word);

    while (at && at > text && at[-1] != '\n')
        at--;
    return at ? kept_format("%.*s", (int)strcspn(at, "\n"), at) : "";
}

Test(usherctl, status_is_an_aligned_table)
{
    const char *out, *titles, *up, *down;

    start();
    out = run("status").out;
    titles = line_with(out, "NAME");
    up = line_with(out, "app/a ");
    down = line_with(out, "app/off ");
    cr_expect(strstr(out, "usher "), "%s", out);
    cr_expect(strstr(line_with(out, "frontend web"), "OPEN"), "%s", out);
    cr_expect(strstr(line_with(out, "backend app"), "UP"), "%s", out);
    cr_expect(strstr(up, " 0/50 "), "%s", out);
    cr_expect(strstr(up, origin_address(a)), "%s", out);
    cr_expect(strstr(down, "down: Connection refused"), "%s", out);
    cr_assert(strstr(titles, "STATE") && strstr(up, "UP") && strstr(down, "DOWN"));
    cr_expect_eq(strstr(titles, "STATE") - titles, strstr(up, "UP") - up);
    cr_expect_eq(strstr(titles, "STATE") - titles, strstr(down, "DOWN") - down);
    cr_expect_null(strchr(out, '\033'), "no colours but on a terminal");
    expect("status --filter off", DONE, "app/off", "");
    cr_expect_null(strstr(run("status --filter off").out, "app/a"));
    out = run("status --sort state").out;
    cr_expect_lt(strstr(out, "app/off"), strstr(out, "app/a"), "%s", out);
    usher_stop(usher);
}

Test(usherctl, status_has_colours_on_a_terminal)
{
    struct terminal *terminal;

    start();
    terminal = terminal_start(24, 60, "%s status", ctl());
    cr_expect_eq(terminal_wait(terminal), DONE);
    cr_expect(strstr(terminal_written(terminal), "\033[32mUP"));
    cr_expect(strstr(terminal_written(terminal), "\033[1;31mDOWN"));
    cr_expect_null(strstr(terminal_screen(terminal), "refused"), "cut at the edge");
    terminal_end(terminal);
    terminal = terminal_start(24, 200, "NO_COLOR=1 %s status", ctl());
    cr_expect_eq(terminal_wait(terminal), DONE);
    cr_expect_null(strchr(terminal_written(terminal), '\033'));
    cr_expect(terminal_shows(terminal, "down: Connection refused"));
    terminal_end(terminal);
    usher_stop(usher);
}

static const char *query(const char *file, const char *filter)
{
    return spawn_line("jq -r %s %s", filter, file).out;
}

Test(usherctl, status_is_one_document_of_json)
{
    const char *folder = scratch_create(), *file;
    struct client *client;

    start();
    client = client_connect(usher);
    cr_expect_str_eq(client_ask(client, "who"), "a");
    file = scratch_write(folder, "json", run("status --json").out);
    cr_expect_str_eq(query(file, ".usher.sessions"), "1\n");
    cr_expect_str_eq(query(file, ".rows[].name"), "web\napp\napp/a\napp/off\n");
    cr_expect_str_eq(query(file, ".rows[2].sessions"), "1\n");
    cr_expect_str_eq(query(file, ".rows[2].bytes_in"), "4\n");
    cr_expect_str_eq(query(file, ".rows[3].change.why"), "Connection refused\n");
    client_close(client);
    scratch_remove(folder);
    usher_stop(usher);
}

Test(usherctl, changes_servers)
{
    start();
    expect("maint app/a", DONE, "", "");
    cr_expect(usher_stat_is(usher, "app/a", "status", "MAINT"));
    expect("ready app/a", DONE, "", "");
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 5000);
    expect("drain app/a", DONE, "", "");
    cr_expect(usher_stat_is(usher, "app/a", "status", "DRAIN"));
    expect("history app/a", DONE, "ready drain administrator", "");
    expect("history app/a --json", DONE, "\"to\":\"drain\"", "");
    expect("reload", DONE, "applied", "");
    expect("status", DONE, "drain: administrator uid=", "");
    usher_stop(usher);
}

Test(usherctl, says_any_command_of_ushers)
{
    const char *out;

    start();
    expect("show info", DONE, "Name: ", "");
    expect("show stat -1 4 -1", DONE, "app,off,", "");
    expect("echo one;two", DONE, "one;two\n", "");
    out = spawn_line("%s show history app/off", ctl()).out;
    cr_expect_eq(strncmp(out, "# when", 6), 0, "no mark, no empty line: %s", out);
    expect("set server app/a weight 3", DONE, "", "");
    expect("get weight app/a", DONE, "3 (initial 1)\n", "");
    expect("help", DONE, "shutdown sessions server", "");
    usher_stop(usher);
}

Test(usherctl, gives_stdin_as_a_payload)
{
    struct spawned spawned;

    start();
    spawned = spawn_line_with("one\n\ntwo", "%s set ssl cert /nothing <<", ctl());
    cr_expect_eq(spawned.status, REFUSED);
    cr_expect_null(strstr(spawned.err, "Unknown"), "no line was a command: %s",
                   spawned.err);
    expect("set ssl cert /nothing << --json", USAGE, "", "payload");
    usher_stop(usher);
}

Test(usherctl, ends_with_a_status_for_scripts)
{
    const char *words[] = { program(), "--help", NULL };

    start();
    expect("maint app/nobody", REFUSED, "", "usherctl: No such server.\n");
    expect("nonsense", REFUSED, "", "Unknown command: 'nonsense'");
    expect("maint", USAGE, "", "needs a server");
    expect("maint app/a app/b", USAGE, "", "app/b is one word too many");
    expect("status --wait", USAGE, "", "--wait is no option of this command");
    expect("--nothing", USAGE, "", "--nothing is no option");
    expect("", USAGE, "", "--help");
    expect("top", USAGE, "", "terminal");
    expect("-s /nowhere/at/all status", UNREACHABLE, "", "/nowhere/at/all");
    cr_expect_eq(spawn_wait(spawn_begin(
                                &(struct spawn){ .argv = words, .out = "/dev/full" }),
                            patience_ms(5000)),
                 UNPRINTED);
    usher_signal(usher, SIGSTOP);
    expect("show info --timeout 200ms", LATE, "", "does not answer");
    usher_signal(usher, SIGCONT);
    expect("--help", DONE, "exit status:\n", "");
    expect("--version", DONE, "usherctl ", "");
    usher_stop(usher);
}

Test(usherctl, names_servers_for_shells)
{
    const char *script, *folder = scratch_create();

    start();
    expect("--complete-names", DONE, "app/a\napp/off\n", "");
    cr_expect_str_eq(run("--completion bash").out,
                     kept_file("conf/completion/usherctl.bash"),
                     "write it again: build/usherctl --completion bash > "
                     "conf/completion/usherctl.bash");
    cr_expect_str_eq(run("--completion zsh").out,
                     kept_file("conf/completion/usherctl.zsh"),
                     "write it again: build/usherctl --completion zsh > "
                     "conf/completion/usherctl.zsh");
    cr_expect_eq(spawn_line("zsh -n conf/completion/usherctl.zsh").status, 0);
    script = scratch_write(
        folder, "try",
        kept_format(". conf/completion/usherctl.bash\n"
                    "complete_words() {\n"
                    "    COMP_WORDS=(\"$@\") COMP_CWORD=$(($# - 1)) COMPREPLY=()\n"
                    "    _usherctl\n"
                    "    echo \"${COMPREPLY[@]}\"\n"
                    "}\n"
                    "complete_words %s -s %s drain app/o\n"
                    "complete_words usherctl re\n"
                    "complete_words usherctl --filter status h\n"
                    "complete_words usherctl status --sort ra\n"
                    "complete_words usherctl drain --k\n"
                    "complete_words usherctl top --k\n",
                    program(), usher_admin_address(usher)));
    cr_expect_str_eq(spawn_line("bash -u %s", script).out,
                     "app/off\nready reload\nhistory\nrate\n--kill\n\n");
    scratch_remove(folder);
    usher_stop(usher);
}
