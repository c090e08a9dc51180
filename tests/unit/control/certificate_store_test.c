#include "control/certificate_store.h"

#include <criterion/criterion.h>

static struct link store;

static void set_up(void)
{
    list_init(&store);
}

static void tear_down(void)
{
    certificate_store_clear(&store);
}

TestSuite(certificate_store, .init = set_up, .fini = tear_down);

Test(certificate_store, finds_by_path)
{
    struct stored_certificate *one = certificate_store_add(&store, "/one");

    (void)certificate_store_add(&store, "/other");
    cr_expect_eq(certificate_store_find(&store, "/one"), one);
    cr_expect_null(certificate_store_find(&store, "/on"));
    certificate_store_remove(one);
    cr_expect_null(certificate_store_find(&store, "/one"));
}

Test(certificate_store, copies_what_is_put_into_it)
{
    struct stored_certificate *one = certificate_store_add(&store, "/one");
    char text[] = "text";

    certificate_store_put(&one->waiting, text);
    text[0] = 'n';
    cr_expect_str_eq(one->waiting, "text");
    certificate_store_put(&one->waiting, one->waiting);
    cr_expect_str_eq(one->waiting, "text");
    certificate_store_put(&one->waiting, NULL);
    cr_expect_null(one->waiting);
}

Test(certificate_store, forgets_all_but_transactions)
{
    struct stored_certificate *one = certificate_store_add(&store, "/one");
    struct stored_certificate *other = certificate_store_add(&store, "/other");

    certificate_store_put(&one->committed, "a");
    certificate_store_put(&one->waiting, "b");
    certificate_store_put(&other->committed, "c");
    one->is_created = other->is_created = true;
    certificate_store_forget(&store);

    cr_expect_null(one->committed);
    cr_expect_str_eq(one->waiting, "b");
    cr_expect(one->is_created);
    cr_expect_null(certificate_store_find(&store, "/other"));
}
