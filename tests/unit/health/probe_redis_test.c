#include "judging.h"

static const struct check_settings settings;

Test(probe_redis, says_ping)
{
    expect_said(&probe_redis, &settings, 0, "PING\r\n");
}

Test(probe_redis, wants_a_pong_and_nothing_else)
{
    static const struct heard_case cases[] = {
        { HEARD(""), PENDING },
        { HEARD("+PONG\r"), PENDING },
        { HEARD("+PONG\r\n"), PASSED("") },
        { HEARD("+pong\r\n"), WRONG("not an answer of redis") },
        { HEARD("+PONGS\r\n"), WRONG("not an answer of redis") },
        { HEARD("\0"), WRONG("not an answer of redis") },
        { HEARD("HTTP/1.1 400 Bad Request\r\n"), WRONG("not an answer of redis") },
    };

    expect_cases(&probe_redis, &settings, cases);
}

Test(probe_redis, tells_errors_of_its_own_from_errors_of_ours)
{
    static const struct heard_case cases[] = {
        { HEARD("-NOAUTH Authentication required.\r\n"),
          PASSED("NOAUTH Authentication required.") },
        { HEARD("-NOPERM no permission for ping\r\n"),
          PASSED("NOPERM no permission for ping") },
        { HEARD("-LOADING Redis is loading the dataset in memory\r\n"),
          BAD("LOADING Redis is loading the dataset in memory") },
        { HEARD("-MASTERDOWN Link with MASTER is down\r\n"),
          BAD("MASTERDOWN Link with MASTER is down") },
        { HEARD("-ERR max number of clients reached\r\n"),
          BAD("ERR max number of clients reached") },
        { HEARD("-\033[31m\r\n"), BAD("?[31m") },
        { HEARD("-LOADING"), PENDING },
    };

    expect_cases(&probe_redis, &settings, cases);
}
