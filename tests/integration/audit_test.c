/* Who changed what, and what came of it: a line for each change. */
#include "support/client.h"
#include "support/kept.h"
#include "support/origin.h"
#include "support/patience.h"
#include "support/usher.h"

#include <unistd.h>

TestSuite(audit, .timeout = 60);

static struct usher *start(void)
{
    return usher_start(USHER_WEB USHER_APP "check = off\nserver = a %s\n",
                       origin_address(origin_start("a")));
}

Test(audit, each_change_has_a_line_with_who_and_what_came_of_it)
{
    struct usher *usher = start();
    const char *by = kept_format("by=\"uid=%u pid=%d\"", (unsigned)getuid(),
                                 (int)getpid());

    (void)usher_admin(usher, "set weight app/a 5");
    (void)usher_admin(usher, "set weight app/x 5");
    (void)usher_admin(usher, "operator; show info; set weight app/a 7");
    eventually(usher_logged(usher, "notice  admin command",
                            "command=\"set weight app/a 5\"", "result=done", by, NULL),
               3000);
    eventually(usher_logged(usher, "command=\"set weight app/x 5\"", "result=refused",
                            "answer=\"No such server.\"", by, NULL),
               3000);
    eventually(usher_logged(usher, "warning  admin command",
                            "command=\"set weight app/a 7\"", "result=denied", by, NULL),
               3000);
    cr_expect_eq(usher_log_count(usher, "command=\"show info"), 0);
    usher_stop(usher);
}

Test(audit, a_secret_is_in_no_line)
{
    struct usher *usher = start();
    struct client *asker = client_dial(usher_admin_address(usher));

    client_say(asker, "set ssl cert x.pem HUSH HUSH <<\nHUSH\n\n");
    (void)client_hear_all(asker);
    client_close(asker);
    eventually(usher_logged(usher, "command=\"set ssl cert x.pem ...\"", "result=refused",
                            NULL),
               3000);
    cr_expect_eq(usher_log_count(usher, "HUSH"), 0);
    usher_stop(usher);
}
