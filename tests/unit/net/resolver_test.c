#include "net/resolver.h"

#include <criterion/criterion.h>
#include <ev.h>
#include <stdio.h>
#include <string.h>

static struct ev_loop *loop;
static struct resolver *resolver;
static int answers;
static char text[200];

static void set_up(void)
{
    loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    resolver = resolver_create(loop);
}

static void tear_down(void)
{
    resolver_destroy(resolver);
    ev_loop_destroy(loop);
}

TestSuite(resolver, .timeout = 30, .init = set_up, .fini = tear_down);

static struct address_parts name_of(const char *name)
{
    struct address_parts parts;

    cr_assert_null(address_parse(name, &parts));
    return parts;
}

static void on_answer(void *owner, const struct resolved *resolved)
{
    answers++;
    cr_expect_eq(owner, &answers);
    if (resolved->error) {
        (void)snprintf(text, sizeof text, "error");
        return;
    }
    cr_expect_gt(resolved->count, 0);
    cr_expect(resolved->ttl_ms >= 1000 && resolved->ttl_ms <= 300000);
    for (size_t i = 0; i < resolved->count; i++) {
        struct address_text one = address_text(&resolved->addresses[i]);
        size_t length = strlen(text);

        (void)snprintf(text + length, sizeof text - length, "%s ", one.chars);
        for (size_t j = 0; j < i; j++)
            cr_expect_not(
                address_is_equal(&resolved->addresses[i], &resolved->addresses[j]));
    }
}

Test(resolver, finds_a_name_of_the_hosts_file_but_never_at_once)
{
    struct address_parts name = name_of("localhost:5432");

    cr_expect(resolver_ask(resolver, &name, on_answer, &answers));
    cr_expect_eq(answers, 0);
    while (!answers)
        ev_run(loop, EVRUN_ONCE);

    cr_expect_eq(answers, 1);
    cr_expect(strstr(text, "127.0.0.1:5432 "), "%s", text);
}

Test(resolver, says_so_when_there_is_no_such_name)
{
    struct address_parts name = name_of("no-such-name.invalid:1");

    (void)resolver_ask(resolver, &name, on_answer, &answers);
    while (!answers)
        ev_run(loop, EVRUN_ONCE);

    cr_expect_str_eq(text, "error");
}

Test(resolver, does_not_answer_what_was_dropped)
{
    struct address_parts known = name_of("localhost:1");
    struct address_parts unknown = name_of("no-such-name.invalid:1");

    resolver_drop(NULL);
    resolver_drop(resolver_ask(resolver, &known, on_answer, &answers));
    resolver_drop(resolver_ask(resolver, &unknown, on_answer, &answers));
    ev_run(loop, 0);

    cr_expect_eq(answers, 0);
}

Test(resolver, drops_open_questions_when_it_goes)
{
    struct address_parts known = name_of("localhost:1");
    struct address_parts unknown = name_of("no-such-name.invalid:1");

    (void)resolver_ask(resolver, &known, on_answer, &answers);
    (void)resolver_ask(resolver, &unknown, on_answer, &answers);
    resolver_drop(resolver_ask(resolver, &unknown, on_answer, &answers));
    resolver_destroy(resolver);
    resolver = NULL;
    ev_run(loop, 0);

    cr_expect_eq(answers, 0);
}
