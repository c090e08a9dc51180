/* Commands that only look, in the words and forms of HAProxy's dialect. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/spawn.h"
#include "support/usher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(show, .timeout = 60);

enum { MANY = 5000 };

static struct origin *a, *b;

static struct usher *start(void)
{
    a = origin_start("a");
    b = origin_start("b");
    return usher_start("[admin]\nhttp = 127.0.0.1:0\n" USHER_WEB USHER_APP
                           USHER_QUICK_CHECKS "server = a %s\nserver = b %s\n"
                       "[backend spare]\ncheck = off\nserver = c 127.0.0.1:9\n",
                       origin_address(a), origin_address(b));
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

/* What jq finds in a text. */
static const char *jq(const char *text, const char *filter)
{
    struct spawned spawned = spawn_line_with(text, "jq -c %s", filter);

    cr_assert_eq(spawned.status, 0, "%s: %s", filter, spawned.err);
    return spawned.out;
}

static const char *fetch(struct usher *usher, const char *path)
{
    const char *line = usher_logged(usher, "admin http opened", NULL);
    struct spawned curl = spawn_line("curl -sS -D - http://%s%s",
                                     strstr(line, "address=") + 8, path);

    cr_assert_eq(curl.status, 0, "%s: %s", path, curl.err);
    return curl.out;
}

static const char *body_of(const char *answer)
{
    const char *end = strstr(answer, "\r\n\r\n");

    cr_assert(end, "%.200s", answer);
    return end + 4;
}

Test(show, has_typed_figures_at_the_positions_of_the_dialect)
{
    struct usher *usher = start();
    const char *id = usher_stat(usher, "app", "a", "iid"), *typed;

    (void)client_ask_once(usher_web(usher));
    eventually(usher_count(usher, "web", "FRONTEND", "stot") == 1, 3000);
    eventually(usher_count(usher, "web", "FRONTEND", "scur") == 0, 3000);
    typed = usher_admin(usher, "show stat typed");
    cr_expect(begins(typed, "F.1.0.0.pxname.1:KNS:str:web\n"
                            "F.1.0.1.svname.1:KNS:str:FRONTEND\n"
                            "F.1.0.4.scur.1:MGP:u32:0\n"),
              "%.300s", typed);
    cr_expect(strstr(typed, "\nF.1.0.7.stot.1:MCP:u64:1\n"));
    cr_expect(strstr(typed, kept_format("\nS.%s.1.17.status.1:SGP:str:UP\n", id)));
    cr_expect(strstr(typed, kept_format("\nS.%s.2.0.pxname.1:KNS:str:app\n", id)));
    cr_expect(strstr(typed, kept_format("\nB.%s.0.76.algo.1:CGS:str:roundrobin\n", id)));
    cr_expect_null(strstr(typed, "qlimit"), "what is absent is left out");
    cr_expect_str_eq(typed + strlen(typed) - 2, "\n\n");
    typed = usher_admin(usher, "show stat app 4 1 typed desc");
    cr_expect(begins(typed, kept_format("S.%s.1.0.pxname.1:KNS:str:app:\"name of the"
                                        " frontend or backend\"\n",
                                        id)),
              "%.200s", typed);
    cr_expect_null(strstr(typed, "svname.1:KNS:str:b"));
    usher_stop(usher);
}

Test(show, has_info_typed_by_position_number)
{
    struct usher *usher = start();
    const char *info = usher_admin(usher, "show info typed");

    cr_expect(begins(info, "0.Name.1:POS:str:HAProxy\n1.Version.1:POS:str:2.8."), "%s",
              info);
    cr_expect(strstr(info, "\n6.Pid.1:SGP:u32:"));
    cr_expect(strstr(info, "\n44.CompressBpsRateLim.1:CLP:u32:0\n47.Tasks.1:MGP:u32:"));
    cr_expect(strstr(info, "\n71.Tainted.1:SGP:str:0\n"));
    info = usher_admin(usher, "show info desc");
    cr_expect(begins(info, "Name: HAProxy:\"whose dialect this is\"\n"), "%s", info);
    usher_stop(usher);
}

Test(show, is_json_that_jq_reads)
{
    struct usher *usher = start();
    const char *stat = usher_admin(usher, "show stat json");
    const char *info = usher_admin(usher, "show info json");

    cr_expect_str_eq(jq(stat, "length"), "6\n");
    cr_expect_str_eq(
        jq(stat, ".[0][0]"),
        "{\"objType\":\"Frontend\",\"proxyId\":1,\"id\":0,\"field\":{\"pos\":"
        "0,\"name\":\"pxname\"},\"processNum\":1,\"tags\":{\"origin\":\"Key\""
        ",\"nature\":\"Name\",\"scope\":\"Service\"},\"value\":{\"type\":"
        "\"str\",\"value\":\"web\"}}\n");
    cr_expect_str_eq(jq(stat, "[.[][]|select(.field.name==\"status\").value.value]"),
                     "[\"OPEN\",\"UP\",\"UP\",\"UP\",\"no check\",\"UP\"]\n");
    cr_expect_str_eq(
        jq(info, ".[0]"),
        "{\"field\":{\"pos\":0,\"name\":\"Name\"},\"processNum\":1,\"tags\":{"
        "\"origin\":\"Product\",\"nature\":\"Output\",\"scope\":\"Service\"},"
        "\"value\":{\"type\":\"str\",\"value\":\"HAProxy\"}}\n");
    cr_expect_str_eq(jq(usher_admin(usher, "show schema json"), "keys"),
                     "[\"$schema\",\"definitions\",\"oneOf\"]\n");
    usher_stop(usher);
}

Test(show, leaves_out_servers_as_asked)
{
    struct usher *usher = start();
    const char *stat;

    origin_kill(b);
    eventually(usher_stat_is(usher, "app/b", "status", "DOWN"), 5000);
    stat = usher_admin(usher, "show stat up");
    cr_expect(strstr(stat, "\napp,a,") && !strstr(stat, "\napp,b,"), "%s", stat);
    cr_expect(strstr(stat, ",UP (1/2),"), "%s", stat);
    (void)usher_admin(usher, "disable server app/a");
    stat = usher_admin(usher, "show stat no-maint");
    cr_expect(!strstr(stat, "\napp,a,") && strstr(stat, "\napp,b,"), "%s", stat);
    cr_expect(strstr(stat, ",DOWN (0/2),"), "%s", stat);
    cr_expect_null(strstr(usher_admin(usher, "show stat"), "/2),"));
    usher_stop(usher);
}

Test(show, lists_what_there_is)
{
    struct usher *usher = start();
    struct client *client = client_connect(usher);
    const char *id = usher_stat(usher, "app", "a", "iid"), *conns;

    (void)client_ask(client, "who");
    cr_expect_str_eq(usher_admin(usher, "show backend"), "# name\napp\nspare\n\n");
    conns = usher_admin(usher, "show servers conn app");
    cr_expect_str_eq(conns,
                     kept_format("# bkname/svname bkid/svid addr port - purge_delay"
                                 " used_cur used_max need_est unsafe_nb safe_nb idle_lim"
                                 " idle_cur\napp/a %s/1 127.0.0.1 %u - 0 1 1 0 0 0 0 0\n"
                                 "app/b %s/2 127.0.0.1 %u - 0 0 0 0 0 0 0 0\n\n",
                                 id, origin_port(a), id, origin_port(b)),
                     "%s", conns);
    cr_expect(strstr(usher_admin(usher, "show servers conn"), "\nspare/c "));
    cr_expect_str_eq(usher_admin(usher, "show servers conn nobody"),
                     "Can't find backend.\n\n");
    cr_expect_str_eq(usher_admin(usher, "show table"), "\n");
    usher_stop(usher);
}

Test(show, has_no_errors_to_show)
{
    struct usher *usher = start();
    const char *errors = usher_admin(usher, "show errors");
    int year = 0, end = 0;

    cr_expect_eq(sscanf(errors,
                        "Total events captured on [%*2d/%*3s/%4d:%*2d:%*2d:%*2d.%*3d] : "
                        "0\n\n%n",
                        &year, &end),
                 1, "%s", errors);
    cr_expect_eq((size_t)end, strlen(errors), "%s", errors);
    usher_stop(usher);
}

Test(show, shows_sessions_by_what_they_are)
{
    static const struct {
        const char *filter;
        bool is_shown;
    } cases[] = {
        { "", true },
        { "all", true },
        { "frontend web", true },
        { "backend app", true },
        { "backend spare", false },
        { "server app/a", true },
        { "server app/#1", true },
        { "server app/b", false },
        { "older 1h", false },
        { "older 0", true },
        { "all backend app server app/a", true },
    };
    struct usher *usher = start();
    struct client *client = client_connect(usher);

    (void)client_ask(client, "who");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *said = usher_admin(usher, "show sess %s", cases[i].filter);

        cr_expect_eq(strstr(said, " fe=web be=app srv=a ") != NULL, cases[i].is_shown,
                     "%s: %s", cases[i].filter, said);
    }
    usher_stop(usher);
}

Test(show, refuses_sessions_it_does_not_understand)
{
    static const struct {
        const char *said, *answer;
    } cases[] = {
        { "older", "Expects a minimum age (in seconds by default).\n\n" },
        { "older soon", "Invalid age.\n\n" },
        { "server app", "Require 'backend/server'.\n\n" },
        { "server app/z", "No such server.\n\n" },
        { "backend z", "No such backend.\n\n" },
        { "frontend app", "No such frontend.\n\n" },
        { "those", "Session pointer expected (use 'show sess').\n\n" },
        { "0x77", "No such session (use 'show sess').\n\n" },
        { "backend spare", "\n" },
    };
    struct usher *usher = start();

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_expect_str_eq(usher_admin(usher, "show sess %s", cases[i].said),
                         cases[i].answer, "%s", cases[i].said);
    cr_expect(begins(usher_admin(usher, "show sess help"), "show sess "));
    usher_stop(usher);
}

Test(show, tells_what_usher_is_like_inside)
{
    struct usher *usher = start();
    struct client *client = client_connect(usher);
    const char *said;

    (void)client_ask(client, "who");
    said = usher_admin(usher, "show activity");
    cr_expect(begins(said, "date_now: "), "%s", said);
    cr_expect(strstr(said, "\nsessions: 1 [ "), "%s", said);
    said = usher_admin(usher, "show pools");
    cr_expect(strstr(said, " 1 used\n  - Pool small_piece ("), "%s", said);
    cr_expect(strstr(said, "\nTotal: 3 pools, "), "%s", said);
    said = usher_admin(usher, "show tasks");
    cr_expect(begins(said, "Running tasks: 3 (3 threads)\n"), "%s", said);
    cr_expect(strstr(said, "\n  relay                             1  33.3\n"), "%s",
              said);
    said = usher_admin(usher, "show fd");
    cr_expect(strstr(said, kept_format(" : socket listening on %s\n", usher_web(usher))),
              "%s", said);
    cr_expect(strstr(said, kept_format(" with %s\n", origin_address(a))), "%s", said);
    usher_stop(usher);
}

Test(show, tells_its_environment_and_nothing_to_users)
{
    struct usher *usher;

    cr_assert_eq(setenv("USHER_SHOWN", "one two", 1), 0);
    usher = start();
    cr_expect_str_eq(usher_admin(usher, "show env USHER_SHOWN"),
                     "USHER_SHOWN=one two\n\n");
    cr_expect(strstr(usher_admin(usher, "show env"), "USHER_SHOWN=one two\n"));
    cr_expect_str_eq(usher_admin(usher, "show env USHER_SHOW"), "Variable not found\n\n");
    cr_expect_str_eq(usher_admin(usher, "user; show env; show fd; show activity"),
                     "\nPermission denied\n\nPermission denied\n\nPermission denied\n\n");
    usher_stop(usher);
}

Test(show, tells_how_often_it_asked_for_names)
{
    struct usher *usher = start();
    const char *said = usher_admin(usher, "show resolvers");

    cr_expect_str_eq(said,
                     "Resolvers section default\n nameserver none:\n  sent:        0\n"
                     "  valid:       0\n  nx:          0\n  timeout:     0\n"
                     "  refused:     0\n  other:       0\n\n");
    usher_stop(usher);
    usher = usher_start(USHER_WEB USHER_APP "check = off\nserver = a localhost:9\n");
    eventually(strstr(usher_admin(usher, "show resolvers"), "\n  valid:       1\n"),
               5000);
    usher_stop(usher);
}

Test(show, tells_what_was_wrong_at_the_start)
{
    struct usher *usher = start();
    const char *said = usher_admin(usher, "show startup-logs");

    cr_expect(strstr(said, "Z warning "), "%s", said);
    cr_expect(strstr(said, "no frontend uses [backend spare]\n\n"), "%s", said);
    usher_stop(usher);
}

Test(show, takes_the_prefix_of_another_master)
{
    struct usher *usher = start();

    cr_expect(begins(usher_admin(usher, "@1 show info"), "Name: "));
    cr_expect_str_eq(usher_admin(usher, "@!4711 get weight app/a"), "1 (initial 1)\n\n");
    cr_expect_str_eq(usher_admin(usher, "@1"), "\n");
    usher_stop(usher);
}

Test(show, has_the_same_forms_over_http)
{
    struct usher *usher = start();
    const char *answer = fetch(usher, "/;json");

    cr_expect(strstr(answer, "\r\nContent-Type: application/json\r\n"), "%.300s", answer);
    cr_expect_str_eq(jq(body_of(answer), "length"), "6\n");
    cr_expect(strstr(answer, "\"value\":\"127.0.0.1:"), "addresses are shown");
    answer = fetch(usher, "/haproxy?stats;typed;up");
    cr_expect(strstr(answer, "\r\nContent-Type: text/plain"), "%.300s", answer);
    cr_expect(begins(body_of(answer), "F.1.0.0.pxname.1:KNS:str:web\n"));
    answer = fetch(usher, "/any/where;csv;scope=app;norefresh");
    cr_expect(strstr(answer, "\napp,a,") && !strstr(answer, "\nweb,"));
    cr_expect_eq(answer[strlen(answer) - 2], ',', "no empty line behind the last row");
    answer = fetch(usher, "/stats;json-schema");
    cr_expect_str_eq(jq(body_of(answer), ".oneOf|length"), "2\n");
    usher_stop(usher);
}

static const char *many_servers(void)
{
    char *lines = malloc(MANY * 32), *end = lines;

    cr_assert(lines);
    for (int i = 0; i < MANY; i++)
        end += sprintf(end, "server = s%d 127.0.%d.%d:9\n", i, 1 + i / 250, 1 + i % 250);
    return kept_text(lines);
}

static size_t count_rows(const char *stat)
{
    size_t rows = 0;

    for (const char *row = stat; (row = strchr(row, '\n')) && row[1]; row++)
        rows++;
    return rows;
}

/* While one asks for much and reads nothing of it, the others are served as ever. */
Test(show, tells_of_five_thousand_servers_and_delays_nobody)
{
    struct usher *usher;
    struct client *deaf;

    a = origin_start("a");
    usher = usher_start(USHER_WEB USHER_APP "check = off\nserver = a %s\n"
                                            "[backend many]\ncheck = off\n%s",
                        origin_address(a), many_servers());
    cr_expect_eq(count_rows(usher_admin(usher, "show stat")), MANY + 5);
    deaf = client_dial(usher_admin_address(usher));
    client_say(deaf, "show stat;show stat json;show stat;show stat;show stat\n");
    for (int i = 0; i < 20; i++)
        cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    cr_expect_str_eq(usher_admin(usher, "get weight app/a"), "1 (initial 1)\n\n");
    client_close(deaf);
    usher_stop(usher);
}
