#include "reading.h"

#define LB "[backend b]\ncheck = off\nserver = x 127.0.0.1:2 "

Test(tracking, takes_a_server_of_any_backend_and_chains)
{
    settings_destroy(read_good("x.ini", WEB "route = a.example -> b\n" APP LB
                                            "track=app/a\nserver = y 127.0.0.1:3 "
                                            "track=b/x\n"));
    settings_destroy(read_good("x.ini", GOOD "server = b 127.0.0.1:3 track=app/a\n"));
}

Test(tracking, reports_what_leads_nowhere)
{
    static const struct wrong_case cases[] = {
        { GOOD LB "track=ap/a\n",
          "x.ini:8: server = x: track=ap/a: there is no such server\n" },
        { GOOD "server = abc 127.0.0.1:3\n" LB "track=app/abd\n",
          "x.ini:9: server = x: track=app/abd: there is no such server; did you mean "
          "\"app/abc\"?\n" },
        { GOOD "server = b 127.0.0.1:3 track=app/b\n",
          "x.ini:6: server = b: track=app/b: that leads back to where it began, and "
          "nobody is checked\n" },
        { GOOD LB "track=b/y\nserver = y 127.0.0.1:3 track=b/x\n",
          "x.ini:8: server = x: track=b/y: that leads back to where it began, and nobody "
          "is checked\n"
          "x.ini:9: server = y: track=b/x: that leads back to where it began, and nobody "
          "is checked\n" },
        { GOOD "server = b 127.0.0.1:3 track=b/x\n" LB "\n",
          "x.ini:6: server = b: track=b/x: nobody checks that server\n" },
    };

    expect_wrong_cases(cases);
}
