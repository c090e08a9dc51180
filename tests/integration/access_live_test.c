/* Who may come in is changed on the admin socket, at once, for the clients to come. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/usher.h"

#include <string.h>

TestSuite(access_live, .timeout = 60);

#define TWO "127.0.0.2:0"

enum { MANY = 300 };

static const char *config_with(const struct origin *origin, const char *lines)
{
    return kept_format(USHER_WEB "%s" USHER_APP "check = off\nserver = a %s\n", lines,
                       origin_address(origin));
}

static struct usher *start(const char *lines)
{
    return usher_start("%s", config_with(origin_start("a"), lines));
}

static bool is_served_from(struct usher *usher, const char *source)
{
    struct client *client = client_dial_from(source, usher_web(usher));
    const char *heard = NULL;

    if (client_try_say(client, "who\n"))
        heard = client_hear(client);
    client_close(client);
    return heard && !strcmp(heard, "a");
}

static void expect_answer(struct usher *usher, const char *line, const char *answer)
{
    const char *heard = usher_admin(usher, "%s", line);

    cr_expect_str_eq(heard, answer, "after %s: %s", line, heard);
}

Test(access_live, denies_and_lets_in_again)
{
    struct usher *usher = start("");
    struct client *early = client_dial_from(TWO, usher_web(usher));

    cr_expect_str_eq(client_ask(early, "who"), "a");
    expect_answer(usher, "add access web deny 127.0.0.2", "\n");
    cr_expect_not(is_served_from(usher, TWO));
    cr_expect(is_served_from(usher, "127.0.0.3:0"));
    cr_expect_str_eq(client_ask(early, "who"), "a");
    expect_answer(usher, "show access",
                  "# frontend list network\nweb deny 127.0.0.2\n\n");
    cr_expect_eq(usher_count(usher, "web", "FRONTEND", "dcon"), 1);

    expect_answer(usher, "del access web deny 127.0.0.2", "\n");
    cr_expect(is_served_from(usher, TWO));
    expect_answer(usher, "show access web", "# frontend list network\n\n");
    cr_expect(usher_logged(usher, "127.0.0.2 was added", "list=deny", "by=\"uid=", NULL));
    cr_expect(usher_logged(usher, "127.0.0.2 was removed", "by=\"uid=", NULL));
    client_close(early);
    usher_stop(usher);
}

/* As an empty file does; everybody has to be named. */
Test(access_live, allows_nobody_when_the_list_is_empty)
{
    struct usher *usher = start("");

    expect_answer(usher, "add access web allow 127.0.0.2/31", "\n");
    cr_expect(is_served_from(usher, TWO));
    cr_expect_not(is_served_from(usher, "127.0.0.1:0"));
    expect_answer(usher, "del access web allow 127.0.0.2/31",
                  "Nobody is allowed now; 'add access web allow 0.0.0.0/0' and "
                  "'add access web allow ::/0' allow everybody.\n\n");
    cr_expect_not(is_served_from(usher, "127.0.0.1:0"));
    cr_expect_not(is_served_from(usher, TWO));
    cr_expect(usher_logged(usher, "nobody is allowed now", NULL));
    (void)usher_admin(usher, "reload");
    cr_expect_not(is_served_from(usher, "127.0.0.1:0"));
    expect_answer(usher, "show access", "# frontend list network\nweb allow -\n\n");
    expect_answer(usher, "add access web allow 0.0.0.0/0", "\n");
    cr_expect(is_served_from(usher, "127.0.0.1:0"));
    usher_stop(usher);
}

Test(access_live, refuses_what_it_does_not_understand)
{
    static const struct {
        const char *said, *answer;
    } cases[] = {
        { "add access", "A frontend name is expected.\n\n" },
        { "add access web", "The list is 'allow' or 'deny'.\n\n" },
        { "add access web permit ::1", "The list is 'allow' or 'deny'.\n\n" },
        { "add access webb deny ::1", "No such frontend.\n\n" },
        { "del access webb deny ::1", "No such frontend.\n\n" },
        { "show access webb", "No such frontend.\n\n" },
        { "add access web deny 10.0.0.0/33",
          "'10.0.0.0/33': the prefix of an IPv4 network is 0 to 32\n\n" },
        { "add access web deny 10.1.0.0/16", "This network is in the list already.\n\n" },
        { "del access web deny 10.1.0.0/17", "This network is not in the list.\n\n" },
        { "del access web allow ::1", "This network is not in the list.\n\n" },
        { "operator; add access web deny ::1", "\nPermission denied\n\n" },
        { "operator; show access web",
          "\n# frontend list network\nweb deny 10.1.0.0/16\n\n" },
        { "user; show access", "\nPermission denied\n\n" },
    };
    struct usher *usher = start("deny = 10.1.0.0/16\n");

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect_answer(usher, cases[i].said, cases[i].answer);
    usher_stop(usher);
}

Test(access_live, keeps_changes_over_a_reload_that_does_not_touch_the_list)
{
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start(
        "%s", config_with(origin, "deny = 10.0.0.0/8\nallow = 127.0.0.0/8\n"));

    (void)usher_admin(usher, "add access web deny 127.0.0.2");
    (void)usher_admin(usher, "del access web deny 10.0.0.0/8");
    (void)usher_admin(usher, "add access web allow ::1");
    cr_assert(strstr(usher_reload(usher, "%s",
                                  config_with(origin, "deny = 10.0.0.0/8\n"
                                                      "allow = 127.0.0.2\n")),
                     "applied"));
    expect_answer(usher, "show access",
                  "# frontend list network\nweb allow 127.0.0.2\nweb deny 127.0.0.2\n\n");
    cr_expect(
        usher_logged(usher, "replaces the one changed by hand", "list=allow", NULL));

    cr_assert(strstr(usher_reload(usher, "%s", config_with(origin, "deny = ::1\n")),
                     "applied"));
    expect_answer(usher, "show access", "# frontend list network\nweb deny ::1\n\n");
    cr_expect(is_served_from(usher, TWO));
    usher_stop(usher);
}

Test(access_live, reads_a_file_of_networks_again_when_it_has_changed)
{
    const char *folder = scratch_create();
    const char *path = scratch_write(folder, "blocked", "10.0.0.0/8\n192.0.2.1\n");
    const char *lines = kept_format("deny = %s\n", path);
    struct origin *origin = origin_start("a");
    struct usher *usher = usher_start("%s", config_with(origin, lines));

    (void)usher_admin(usher, "add access web deny 127.0.0.2");
    (void)usher_admin(usher, "reload");
    cr_expect_not(is_served_from(usher, TWO));
    (void)scratch_write(folder, "blocked", "10.0.0.0/8\n");
    (void)usher_admin(usher, "reload");
    cr_expect(is_served_from(usher, TWO));
    expect_answer(usher, "show access",
                  "# frontend list network\nweb deny 10.0.0.0/8\n\n");
    usher_stop(usher);
    scratch_remove(folder);
}

Test(access_live, changes_while_clients_come_and_go)
{
    struct usher *usher = start("allow = 127.0.0.0/8\n");

    for (int i = 0; i < MANY; i++) {
        const char *batch = kept_format("add access web deny 10.%d.%d.0/24;"
                                        "add access web allow 127.0.0.0/9;"
                                        "del access web allow 127.0.0.0/9",
                                        i / 256, i % 256);

        expect_answer(usher, batch, "\n\n\n");
        if (i % 10 == 0)
            cr_expect_str_eq(client_ask_once(usher_web(usher)), "a");
    }
    cr_expect(strstr(usher_admin(usher, "show access web"), "web deny 10.1.43.0/24\n"));
    usher_stop(usher);
}
