/* What can be seen and changed on the admin socket. */
#include "support/client.h"
#include "support/kept.h"
#include "support/load.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <stdio.h>
#include <string.h>

TestSuite(command, .timeout = 60);

static const char columns[] =
    "# pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,"
    "wretr,wredis,status,weight,act,bck,chkfail,chkdown,lastchg,downtime,qlimit,pid,"
    "iid,sid,throttle,lbtot,tracked,type,rate,rate_lim,rate_max,check_status,"
    "check_code,check_duration,hrsp_1xx,hrsp_2xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other,"
    "hanafail,req_rate,req_rate_max,req_tot,cli_abrt,srv_abrt,comp_in,comp_out,"
    "comp_byp,comp_rsp,lastsess,last_chk,last_agt,qtime,ctime,rtime,ttime,agent_status,"
    "agent_code,agent_duration,check_desc,agent_desc,check_rise,check_fall,"
    "check_health,agent_rise,agent_fall,agent_health,addr,cookie,mode,algo,conn_rate,"
    "conn_rate_max,conn_tot,intercepted,dcon,dses,wrew,connect,reuse,cache_lookups,"
    "cache_hits,srv_icur,src_ilim,qtime_max,ctime_max,rtime_max,ttime_max,eint,"
    "idle_conn_cur,safe_conn_cur,used_conn_cur,need_conn_est,uweight,agg_server_status,"
    "agg_server_check_status,agg_check_status,-,";

static struct usher *start(void)
{
    return usher_start(USHER_WEB USHER_APP USHER_QUICK_CHECKS
                       "server = a %s\nserver = b %s\n",
                       origin_address(origin_start("a")),
                       origin_address(origin_start("b")));
}

Test(command, shows_the_columns_of_the_dialect)
{
    struct usher *usher = start();
    const char *stat = usher_admin(usher, "show stat");
    size_t commas = 0, rows = 0;

    cr_expect_eq(strncmp(stat, columns, strlen(columns)), 0, "%.*s",
                 (int)strcspn(stat, "\n"), stat);
    for (const char *letter = stat; *letter && *letter != '\n'; letter++)
        commas += *letter == ',';
    for (const char *row = strchr(stat, '\n') + 1; *row && *row != '\n'; rows++) {
        size_t count = 0;

        for (; *row != '\n'; row++)
            count += *row == ',';
        cr_expect_eq(row[-1], ',', "row %d has no comma at its end", (int)rows);
        cr_expect_eq(count, commas, "row %d has %d fields", (int)rows, (int)count);
        row++;
    }
    cr_expect_eq(rows, 4, "frontend, two servers, backend; not %d rows", (int)rows);
    cr_expect_str_eq(usher_stat(usher, "web", "FRONTEND", "status"), "OPEN");
    cr_expect_str_eq(usher_stat(usher, "app", "BACKEND", "status"), "UP");
    cr_expect_str_eq(usher_stat(usher, "app", "BACKEND", "algo"), "roundrobin");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "mode"), "tcp");
    cr_expect_str_eq(usher_stat(usher, "app", "b", "type"), "2");
    cr_expect_str_eq(usher_stat(usher, "app", "b", "sid"), "2");
    usher_stop(usher);
}

Test(command, filters_what_it_shows)
{
    struct usher *usher = start();
    const char *servers = usher_admin(usher, "show stat app 4 -1");
    const char *one = usher_admin(usher, "show stat app 4 2");

    cr_expect(strstr(servers, "\napp,a,") && strstr(servers, "\napp,b,"), "%s", servers);
    cr_expect(!strstr(servers, "BACKEND") && !strstr(servers, "FRONTEND"), "%s", servers);
    cr_expect(strstr(one, "\napp,b,") && !strstr(one, "\napp,a,"), "%s", one);
    cr_expect(strstr(usher_admin(usher, "show stat -1 1 -1"), "\nweb,FRONTEND,"));
    usher_stop(usher);
}

Test(command, shows_info_that_tools_can_read)
{
    struct usher *usher = start();
    unsigned major = 0, minor = 0;

    cr_expect_eq(strncmp(usher_admin(usher, "show info"), "Name: ", 6), 0);
    cr_expect_eq(sscanf(usher_info(usher, "Version"), "%u.%u", &major, &minor), 2);
    cr_expect(major > 2 || (major == 2 && minor >= 7));
    cr_expect_str_eq(usher_info(usher, "Nbthread"), "2");
    cr_expect_str_eq(usher_info(usher, "Pid"), kept_format("%d", (int)usher_pid(usher)));
    cr_expect_str_eq(usher_info(usher, "CurrConns"), "0");
    cr_expect_str_eq(usher_info(usher, "Stopping"), "0");
    usher_stop(usher);
}

Test(command, shows_the_state_of_servers)
{
    struct usher *usher = start();
    const char *state = usher_admin(usher, "show servers state app");

    cr_expect_eq(strncmp(state, "1\n# be_id be_name srv_id srv_name srv_addr ", 42), 0,
                 "%s", state);
    cr_expect(strstr(state, " app 1 a 127.0.0.1 2 0 1 1 "), "%s", state);
    cr_expect(strstr(state, " app 2 b 127.0.0.1 2 0 1 1 "), "%s", state);
    usher_stop(usher);
}

static void expect_answers(struct usher *usher, const char *name)
{
    for (int i = 0; i < 4; i++)
        cr_assert_str_eq(client_ask_once(usher_web(usher)), name);
}

Test(command, sets_the_state_of_a_server)
{
    static const struct {
        const char *command, *status;
    } cases[] = {
        { "set server app/a state drain", "DRAIN" },
        { "set server app/a state maint", "MAINT" },
        { "set server app/a state drain", "DRAIN" },
        { "disable server app/a", "MAINT" },
    };
    struct usher *usher = start();

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cr_expect_str_eq(usher_admin(usher, "%s", cases[i].command), "\n");
        cr_expect_eq(strncmp(usher_stat(usher, "app", "a", "status"), cases[i].status, 5),
                     0);
        expect_answers(usher, "b");
    }
    cr_expect_str_eq(usher_admin(usher, "enable server app/a"), "\n");
    cr_expect_eq(strncmp(usher_stat(usher, "app", "a", "status"), "UP", 2), 0);
    eventually(usher_stat_is(usher, "app/a", "status", "UP"), 3000);
    (void)usher_admin(usher, "disable server app/b");
    expect_answers(usher, "a");
    eventually(usher_logged(usher, "app/a", "by=", NULL), 3000);
    usher_stop(usher);
}

Test(command, drains_a_server_without_ending_its_sessions)
{
    struct usher *usher = start();
    struct client *clients[2];

    for (int i = 0; i < 2; i++) {
        clients[i] = client_connect(usher);
        (void)client_ask(clients[i], "who");
    }
    (void)usher_admin(usher, "set server app/a state drain");
    (void)usher_admin(usher, "set server app/b state maint");
    cr_expect_str_neq(client_ask(clients[0], "who"), client_ask(clients[1], "who"));
    cr_expect_eq(usher_count(usher, "app", "a", "scur"), 1);
    cr_expect(client_is_refused(usher_web(usher), 3000));
    usher_stop(usher);
}

Test(command, sets_weights)
{
    struct usher *usher = start();

    cr_expect_str_eq(usher_admin(usher, "set weight app/a 10"), "\n");
    cr_expect_str_eq(usher_admin(usher, "get weight app/a"), "10 (initial 1)\n\n");
    cr_expect_str_eq(usher_admin(usher, "set server app/a weight 300%%"), "\n");
    cr_expect_str_eq(usher_admin(usher, "get weight app/a"), "3 (initial 1)\n\n");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "weight"), "3");
    cr_expect_str_eq(usher_stat(usher, "app", "BACKEND", "weight"), "4");
    cr_expect_str_eq(usher_admin(usher, "set weight app/a 0"), "\n");
    cr_expect_str_eq(usher_stat(usher, "app", "a", "status"), "UP");
    expect_answers(usher, "b");
    usher_stop(usher);
}

Test(command, shows_and_ends_sessions)
{
    struct usher *usher = start();
    struct client *client = client_connect(usher);
    const char *name = client_ask(client, "who"), *sessions, *line;

    sessions = usher_admin(usher, "show sess");
    line = strstr(sessions, "fe=web be=app srv=");
    cr_assert(line, "%s", sessions);
    cr_expect_eq(strncmp(line + 18, name, 1), 0, "%s", line);
    cr_assert_eq(strncmp(sessions, "0x", 2), 0, "%s", sessions);
    while (line > sessions && line[-1] != '\n')
        line--;
    cr_expect_str_eq(usher_admin(usher, "shutdown session %.*s", (int)strcspn(line, ":"),
                                 line),
                     "\n");
    cr_expect_neq(client_end(client, patience_ms(5000)), STREAM_OPEN);
    eventually(usher_sessions(usher) == 0, 3000);
    usher_stop(usher);
}

Test(command, ends_all_sessions_of_a_server)
{
    struct usher *usher = start();
    struct client *clients[10];

    for (int i = 0; i < 10; i++)
        clients[i] = client_connect(usher);
    eventually(usher_count(usher, "app", "a", "scur") == 5, 3000);
    cr_expect_str_eq(usher_admin(usher, "shutdown sessions server app/a"), "\n");
    eventually(usher_count(usher, "app", "a", "scur") == 0, 3000);
    cr_expect_eq(usher_count(usher, "app", "b", "scur"), 5);
    for (int i = 0; i < 10; i++)
        client_close(clients[i]);
    usher_stop(usher);
}

Test(command, keeps_commands_from_those_who_may_not)
{
    static const struct {
        const char *level, *command, *begins;
    } cases[] = {
        { "user", "show stat\n", "# pxname" },
        { "user", "show sess\n", "Permission denied\n\n" },
        { "user", "disable server app/a\n", "Permission denied\n\n" },
        { "operator", "show sess\n", "0x" },
        { "operator", "set weight app/a 2\n", "Permission denied\n\n" },
        { "operator", "reload\n", "Permission denied\n\n" },
        { "admin", "set weight app/a 1\n", "\n" },
    };
    const char *folder = scratch_create();
    struct usher *usher = usher_start_with(
        (struct usher_options){ .at_once = true },
        "[admin]\nsocket = %s/user level=user\nsocket = %s/operator level=operator\n"
        "socket = %s/admin level=admin mode=0600\n" USHER_WEB USHER_APP "server = a %s\n",
        folder, folder, folder, origin_address(origin_start("a")));

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *address = kept_format("unix:%s/%s", folder, cases[i].level), *answer;
        struct client *client = NULL;

        eventually((client = client_try(address)), 5000);
        client_say(client, cases[i].command);
        answer = client_hear_all(client);
        cr_expect_eq(strncmp(answer, cases[i].begins, strlen(cases[i].begins)), 0,
                     "%s at level %s: %s", cases[i].command, cases[i].level, answer);
    }
    usher_stop(usher);
    scratch_remove(folder);
}

Test(command, does_not_slow_down_those_who_are_served)
{
    struct usher *usher = start();
    struct load *load = load_start(
        (struct load_plan){ .address = usher_web(usher), .clients = 4 });
    struct load_report report;

    for (int i = 0; i < (int)patience_volume(300); i++) {
        (void)usher_admin(usher, i % 2 ? "set server app/a state drain"
                                       : "set server app/a state ready");
        (void)usher_admin(usher, "show stat");
    }
    report = load_stop(load);
    cr_expect_eq(report.failed, 0, "%s", report.first_failure);
    usher_stop(usher);
}
