/* The real usher-agent: by itself, and with the real usher. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/proc.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/usher.h"
#include "support/wire.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

TestSuite(usher_agent, .timeout = 60);

enum { CROWD = 100, FLOOD = 1024 * 1024 };

static pid_t pid;
static const char *folder, *address;

static const char *program(void)
{
    return kept_format("%s-agent", usher_program());
}

static const char *find_address(const char *log)
{
    const char *at = strstr(kept_file(log), "address=");

    return at ? kept_format("%.*s", (int)strcspn(at + 8, " \n"), at + 8) : NULL;
}

static void start(const char *options)
{
    const char *log;

    folder = scratch_create();
    log = scratch_path(folder, "log");
    pid = spawn_begin_line(log, "%s --listen 127.0.0.1:0 %s", program(), options);
    eventually((address = find_address(log)), 10000);
}

static void stop(void)
{
    (void)kill(pid, SIGTERM);
    cr_expect_eq(spawn_wait(pid, patience_ms(5000)), 0);
    scratch_remove(folder);
}

static struct usher *start_usher(void)
{
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "agent-interval = 100ms\nserver = a %s weight=10 agent-port=%s\n",
                       origin_address(origin_start("a")), strrchr(address, ':') + 1);
}

static bool is_stat(struct usher *usher, const char *column, const char *value)
{
    return usher_stat_is(usher, "app/a", column, value);
}

static const char *hear(const char *say)
{
    struct client *client = client_dial(address);
    const char *heard;

    if (*say)
        client_say(client, say);
    heard = client_hear_all(client);
    client_close(client);
    return heard;
}

Test(usher_agent, answers_with_a_line_or_json)
{
    start("--cpu off --memory off");
    cr_expect_str_eq(hear(""), "up 100%\n");
    cr_expect_str_eq(hear("\n"), "up 100%\n");
    cr_expect_str_eq(hear("app/web1\n"), "up 100%\n");
    cr_expect_eq(strncmp(hear("json\n"), "{\"version\":", 11), 0);
    cr_expect(strstr(hear("JSON\r\n"), "\"weight_percent\":100"));
    stop();
}

Test(usher_agent, lowers_the_weight_beyond_a_threshold_and_fades_when_it_is_gone)
{
    struct usher *usher;

    start("--cpu off --memory off --disk /=0:0");
    usher = start_usher();
    eventually(is_stat(usher, "weight", "1"), 5000);
    cr_expect(is_stat(usher, "status", "UP"));
    cr_expect(is_stat(usher, "last_agt", "up 10%"));
    spawn_kill(pid);
    eventually(is_stat(usher, "weight", "10"), 5000);
    eventually(usher_count(usher, "app", "a", "agent_age") >= 1, 5000);
    usher_stop(usher);
    scratch_remove(folder);
}

Test(usher_agent, takes_the_server_out_when_a_disk_is_full)
{
    struct usher *usher;

    start("--disk /=0:0:down");
    usher = start_usher();
    eventually(is_stat(usher, "status", "DOWN (agent)"), 5000);
    eventually(is_stat(usher, "check_status", "L4OK"), 5000);
    cr_expect_eq(strncmp(hear(""), "down #disk / ", 13), 0);
    cr_expect(strstr(hear("json\n"), "\"state\":\"down\""));
    usher_stop(usher);
    stop();
}

Test(usher_agent, survives_visitors_who_mean_no_good)
{
    struct client *silent[CROWD];
    struct client *loud;
    int descriptors;

    start("--cpu off --memory off");
    (void)hear("");
    descriptors = proc_descriptors(pid);
    for (int i = 0; i < CROWD; i++)
        silent[i] = client_try(address);
    loud = client_dial(address);
    client_put(loud, "\0\0json\0", 7);
    cr_expect_str_eq(client_hear_all(loud), "up 100%\n");
    client_close(loud);
    loud = client_dial(address);
    for (int i = 0; i < FLOOD && client_try_say(loud, "xxxxxxxxxxxxxxxx"); i += 16)
        continue;
    client_reset(loud);
    cr_expect_str_eq(hear(""), "up 100%\n");
    for (int i = 0; i < CROWD; i++)
        client_close(silent[i]);
    eventually(proc_descriptors(pid) <= descriptors, 10000);
    stop();
}

static void write_file(const char *root, const char *path, const char *text)
{
    char *whole = strdup(scratch_path(root, path));

    for (char *slash = whole + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
        *slash = '\0';
        (void)mkdir(whole, 0700);
        *slash = '/';
    }
    (void)scratch_write(root, path, text);
    free(whole);
}

static const char *write_host(void)
{
    const char *root = scratch_create();

    write_file(root, "proc/stat",
               "cpu 10 0 0 90 0 0 0 0\ncpu0 5 0 0 45\ncpu1 5 0 0 45\n");
    write_file(root, "proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 700 kB\n");
    write_file(root, "proc/loadavg", "3.00 1.00 1.00 1/1 1\n");
    return root;
}

static const char *report(const char *root, const char *options)
{
    return spawn_line("%s --root %s %s", program(), root, options).out;
}

Test(usher_agent, respects_the_limits_of_cgroups)
{
    const char *root = write_host(), *json;

    cr_expect(strstr(report(root, "--json"), "\"memory_percent\":30"));
    write_file(root, "proc/self/cgroup", "3:memory:/old\n0::/slice/app\n");
    write_file(root, "sys/fs/cgroup/slice/memory.max", "100000\n");
    write_file(root, "sys/fs/cgroup/slice/memory.current", "60000\n");
    write_file(root, "sys/fs/cgroup/slice/memory.stat", "anon 1\ninactive_file 20000\n");
    json = report(root, "--json");
    cr_expect(strstr(json, "\"memory_percent\":40"), "%s", json);
    cr_expect(strstr(json, "\"cpu_percent\":null"), "no tick has passed: %s", json);
    write_file(root, "sys/fs/cgroup/slice/app/cpu.max", "50000 100000\n");
    write_file(root, "sys/fs/cgroup/slice/app/cpu.stat", "usage_usec 5\n");
    json = report(root, "--json");
    cr_expect(strstr(json, "\"cpu_percent\":0"), "%s", json);
    write_file(root, "sys/fs/cgroup/memory/old/memory.limit_in_bytes", "1000\n");
    write_file(root, "sys/fs/cgroup/memory/old/memory.usage_in_bytes", "910\n");
    json = report(root, "--json");
    cr_expect(strstr(json, "\"memory_percent\":91"), "%s", json);
    cr_expect_str_eq(report(root, "--once --memory 90:92"), "up 55%\n");
    cr_expect_str_eq(report(root, "--once --memory off --load 100:200"), "up 55%\n");
    scratch_remove(root);
}

Test(usher_agent, says_what_it_cannot_do)
{
    struct spawned spawned = spawn_line("%s --cpu 95:80", program());

    cr_expect_eq(spawned.status, 2);
    cr_expect(strstr(spawned.err, "--cpu"), "%s", spawned.err);
    start("");
    spawned = spawn_line("%s --listen %s", program(), address);
    cr_expect_eq(spawned.status, 1);
    cr_expect(strstr(spawned.err, "already in use"), "%s", spawned.err);
    stop();
    cr_expect_eq(spawn_line("%s --help", program()).status, 0);
    cr_expect_eq(strncmp(spawn_line("%s --version", program()).out, "usher-agent ", 12),
                 0);
}
