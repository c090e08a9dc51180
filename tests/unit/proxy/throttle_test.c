#include "proxy/throttle.h"

#include <criterion/criterion.h>

static struct throttle throttle;

TestSuite(throttle, .timeout = 20);

/* More than fit into a second; again, as one may end between. */
static void fill(enum throttle_kind kind)
{
    for (int i = 0; i < 100 || throttle_has_room(&throttle, true); i++)
        throttle_count(&throttle, kind);
}

Test(throttle, lets_all_in_without_limits)
{
    throttle_count(&throttle, THROTTLE_CONNECTIONS);
    cr_expect(throttle_has_room(&throttle, true));
    cr_expect(throttle_has_room(NULL, true));
    throttle_count(NULL, THROTTLE_SESSIONS);
}

Test(throttle, has_no_room_beyond_any_of_its_limits)
{
    for (enum throttle_kind kind = 0; kind < THROTTLE_KINDS; kind++) {
        bool is_for_plain_ones = kind != THROTTLE_HANDSHAKES;

        throttle = (struct throttle){ 0 };
        throttle_set(&throttle, kind, 10);
        cr_expect_eq(throttle_most(&throttle, kind), 10);
        cr_expect(throttle_has_room(&throttle, true));
        fill(kind);
        cr_expect_not(throttle_has_room(&throttle, true), "kind %d", kind);
        cr_expect_eq(throttle_has_room(&throttle, false), !is_for_plain_ones);
        throttle_set(&throttle, kind, 0);
        cr_expect(throttle_has_room(&throttle, true));
    }
}
