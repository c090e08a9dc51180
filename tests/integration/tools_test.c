/* Tools that were written for HAProxy's statistics, unmodified. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/spawn.h"
#include "support/scratch.h"
#include "support/usher.h"
#include "support/wire.h"

#include <string.h>
#include <unistd.h>

TestSuite(tools, .timeout = 60);

struct exporter {
    pid_t pid;
    const char *folder, *address;
};

static const char *free_address(void)
{
    int fd = wire_reserve("127.0.0.1:0");
    const char *address = wire_address(fd);

    (void)close(fd);
    return address;
}

static const char *scrape(const struct exporter *exporter)
{
    return spawn_line("curl -sS http://%s/metrics", exporter->address).out;
}

static struct exporter start_exporter(const char *from)
{
    struct exporter exporter = { .folder = scratch_create(), .address = free_address() };

    exporter.pid = spawn_begin_line(scratch_path(exporter.folder, "log"),
                                    "prometheus-haproxy-exporter"
                                    " --haproxy.scrape-uri=%s --web.listen-address=%s",
                                    from, exporter.address);
    eventually(strstr(scrape(&exporter), "haproxy_up "), 10000);
    return exporter;
}

static void stop_exporter(const struct exporter *exporter)
{
    spawn_kill(exporter->pid);
    scratch_remove(exporter->folder);
}

static struct usher *start(struct origin **b)
{
    struct origin *a = origin_start("a");

    *b = origin_start("b");
    return usher_start("[admin]\nhttp = 127.0.0.1:0\n" USHER_WEB USHER_APP
                           USHER_QUICK_CHECKS "server = a %s\nserver = b %s\n",
                       origin_address(a), origin_address(*b));
}

static void expect_figures(const char *scraped)
{
    static const char *const lines[] = {
        "\nhaproxy_up 1\n",
        "\nhaproxy_exporter_csv_parse_failures_total 0\n",
        "\nhaproxy_backend_up{backend=\"app\"} 1\n",
        "\nhaproxy_server_up{backend=\"app\",server=\"a\"} 1\n",
        "\nhaproxy_server_up{backend=\"app\",server=\"b\"} 0\n",
        "\nhaproxy_frontend_sessions_total{frontend=\"web\"} 1\n",
        "\nhaproxy_server_bytes_in_total{backend=\"app\",server=\"a\"} 4\n",
        "\nhaproxy_server_bytes_out_total{backend=\"app\",server=\"a\"} 2\n",
    };

    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        cr_expect(strstr(scraped, lines[i]), "not there: %s", lines[i]);
}

/* States of every kind are in the table while it is read. */
static void visit_and_break(struct usher *usher, struct origin *b)
{
    origin_kill(b);
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    eventually(usher_count(usher, "web", "FRONTEND", "bout") == 2, 3000);
}

Test(tools, prometheus_haproxy_exporter_reads_the_socket)
{
    struct origin *b;
    struct usher *usher = start(&b);
    struct exporter exporter;
    const char *scraped;

    visit_and_break(usher, b);
    exporter = start_exporter(kept_format("unix:%s", usher_admin_address(usher) + 5));
    scraped = scrape(&exporter);
    expect_figures(scraped);
    cr_expect(strstr(scraped, "\nhaproxy_version_info{release_date=\""));
    (void)usher_admin(usher, "set server app/a state maint");
    scraped = scrape(&exporter);
    cr_expect(strstr(scraped, "\nhaproxy_exporter_csv_parse_failures_total 0\n"));
    cr_expect(strstr(scraped, "\nhaproxy_server_up{backend=\"app\",server=\"a\"} 0\n"));
    stop_exporter(&exporter);
    usher_stop(usher);
}

Test(tools, prometheus_haproxy_exporter_reads_the_csv_over_http)
{
    struct origin *b;
    struct usher *usher = start(&b);
    const char *http = strstr(usher_logged(usher, "admin http opened", NULL), "address=");
    struct exporter exporter;

    visit_and_break(usher, b);
    exporter = start_exporter(kept_format("http://%s/haproxy?stats;csv", http + 8));
    expect_figures(scrape(&exporter));
    stop_exporter(&exporter);
    usher_stop(usher);
}

static void expect_count(const char *log, const char *command, int count)
{
    struct spawned spawned = spawn_line("haproxy_log_analysis -l %s -c %s", log, command);

    cr_expect_eq(spawned.status, 0, "%s", spawned.err);
    cr_expect(strstr(spawned.out, kept_format("\n%d\n", count)), "%s", spawned.out);
}

Test(tools, haproxy_log_analysis_reads_the_log)
{
    const char *folder = scratch_create(), *path = scratch_path(folder, "log");
    struct usher *usher = usher_start(
        "[global]\nworkers = 2\nlog = %s\nlog-format = halog\n" USHER_WEB USHER_APP
        "check = off\nserver = a %s\n",
        path, origin_address(origin_start("a")));

    for (int i = 0; i < 3; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    eventually(usher_count(usher, "web", "FRONTEND", "stot") == 3, 3000);
    usher_stop(usher);
    expect_count(path, "counter", 3);
    expect_count(path, "counter_invalid", 0);
    scratch_remove(folder);
}
