#include "net/tls_names.h"

#include "authority.h"

static struct tls_certificates certificates;
static struct tls_names *names;

static void set_up(void)
{
    static const struct wish wishes[] = {
        { .names = "DNS:a.test,DNS:B.test.,IP:127.0.0.1" },
        { .subject = "c.test" },
        { .subject = "not.this", .names = "DNS:*.a.test,DNS:exact.a.test" },
        { .names = "DNS:a.test,DNS:*.c.test", .rsa_bits = 2048 },
        { .names = "DNS:a.test" },
    };
    struct problems *problems = problems_create();
    struct tls_report report = { .problems = problems };
    char file[16];

    make_folder();
    for (size_t i = 0; i < COUNT(wishes); i++) {
        (void)snprintf(file, sizeof file, "%zu.pem", i);
        cr_assert(tls_certificate_add(&certificates, issue(file, &wishes[i]), &report));
    }
    names = tls_names_create(&certificates);
    problems_destroy(problems);
}

static void tear_down(void)
{
    tls_names_destroy(names);
    tls_certificates_deinit(&certificates);
    remove_folder();
}

TestSuite(tls_names, .timeout = 60, .init = set_up, .fini = tear_down);

/* -1 for none. */
static int first_of(const char *name)
{
    struct tls_choice choice = tls_names_find(names, name);

    if (!choice.count)
        return -1;
    for (size_t i = 0; i < certificates.count; i++)
        if (certificates.all[i].leaf == choice.all[0]->leaf)
            return (int)i;
    return -2;
}

Test(tls_names, finds_exact_names_first_then_wildcards_of_one_label)
{
    static const struct {
        const char *name;
        int certificate;
    } cases[] = {
        { "a.test", 0 },          { "b.test", 0 },      { "127.0.0.1", -1 },
        { "c.test", 1 },          { "not.this", -1 },   { "x.a.test", 2 },
        { "exact.a.test", 2 },    { "x.y.a.test", -1 }, { ".a.test", -1 },
        { "x.c.test", 3 },        { "test", -1 },       { "", -1 },
        { "x.exact.a.test", -1 }, { "xa.test", -1 },
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        cr_expect_eq(first_of(cases[i].name), cases[i].certificate, "%s gives %d",
                     cases[i].name, first_of(cases[i].name));
}

Test(tls_names, finds_one_certificate_for_each_kind_of_key)
{
    struct tls_choice choice = tls_names_find(names, "a.test");

    cr_expect_eq(choice.count, 2);
    cr_expect_eq(choice.all[0]->leaf, certificates.all[0].leaf);
    cr_expect_eq(choice.all[1]->leaf, certificates.all[3].leaf);
    choice = tls_names_usual(names);
    cr_expect_eq(choice.count, 2);
    cr_expect_eq(choice.all[0]->leaf, certificates.all[0].leaf);
}

Test(tls_names, knows_whose_leaf_it_is)
{
    const struct tls_certificate *third = tls_names_of_leaf(names,
                                                            certificates.all[2].leaf);

    cr_assert(third);
    cr_expect_eq(third->key, certificates.all[2].key);
    cr_expect_null(tls_names_of_leaf(names, NULL));
}

Test(tls_names, does_without_names)
{
    struct tls_certificates one = { 0 };
    struct problems *problems = problems_create();
    struct tls_names *none;

    cr_assert(tls_certificate_add(&one, issue("none.pem", &(struct wish){ 0 }),
                                  &(struct tls_report){ .problems = problems }));
    none = tls_names_create(&one);
    cr_expect_eq(tls_names_find(none, "a.test").count, 0);
    cr_expect_eq(tls_names_usual(none).count, 1);
    tls_names_destroy(none);
    tls_certificates_deinit(&one);
    problems_destroy(problems);
}

/* A name that ends early for those who read it as a text of C. */
Test(tls_names, takes_no_name_with_a_nul)
{
    struct identity trick = make_identity(&(struct wish){ 0 });
    GENERAL_NAMES *all = GENERAL_NAMES_new();
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_IA5STRING *text = ASN1_IA5STRING_new();
    struct tls_certificate one = { .leaf = trick.certificate, .key = trick.key };
    struct tls_certificates only = { 1, &one };
    struct tls_names *none;

    one.chain = sk_X509_new_null();
    cr_assert(ASN1_STRING_set(text, "z.test\0.evil.test", 17));
    GENERAL_NAME_set0_value(name, GEN_DNS, text);
    cr_assert(sk_GENERAL_NAME_push(all, name));
    cr_assert(X509_add1_ext_i2d(trick.certificate, NID_subject_alt_name, all, 0, 0));
    cr_assert(X509_sign(trick.certificate, trick.key, EVP_sha256()));
    GENERAL_NAMES_free(all);
    none = tls_names_create(&only);
    cr_expect_eq(tls_names_find(none, "z.test").count, 0);
    tls_names_destroy(none);
    sk_X509_free(one.chain);
    drop_identity(&trick);
}
