#include "net/tls_chain.h"

#include "authority.h"

static struct problems *problems;
static char text[32768];

static void set_up(void)
{
    make_folder();
    problems = problems_create();
    *text = '\0';
}

static void tear_down(void)
{
    problems_destroy(problems);
    remove_folder();
}

TestSuite(tls_chain, .timeout = 20, .init = set_up, .fini = tear_down);

/* Adds what the file holds to the text. */
static void add(const char *path)
{
    FILE *file = fopen(path, "r");
    size_t length = strlen(text);

    cr_assert(file);
    length += fread(text + length, 1, sizeof text - 1 - length, file);
    text[length] = '\0';
    (void)fclose(file);
}

static bool is_good(const char *path)
{
    return tls_chain_check(&(struct tls_chain){ path, text }, problems);
}

Test(tls_chain, is_good_in_any_order_of_certificate_and_key)
{
    struct identity made = make_identity(&(struct wish){ .subject = "a" });

    add(write_certificate("certificate", &made));
    add(write_key("key", &made, NULL));
    cr_expect(is_good("/x.pem"), "%s", said(problems));
    *text = '\0';
    add(write_key("key", &made, NULL));
    add(write_certificate("certificate", &made));
    cr_expect(is_good("/x.pem"), "%s", said(problems));
    drop_identity(&made);
}

Test(tls_chain, may_have_its_key_beside_the_file_it_stands_for)
{
    struct identity made = make_identity(&(struct wish){ .subject = "a" });

    add(write_certificate("x.pem", &made));
    cr_expect_not(is_good(in_folder("x.pem")));
    cr_expect(strstr(said(problems), "the private key is missing"));
    (void)write_key("x.pem.key", &made, NULL);
    cr_expect(is_good(in_folder("x.pem")), "%s", said(problems));
    drop_identity(&made);
}

Test(tls_chain, is_not_good_with_a_foreign_key)
{
    struct identity one = make_identity(&(struct wish){ .subject = "a" });
    struct identity other = make_identity(&(struct wish){ .subject = "b" });

    add(write_certificate("certificate", &one));
    add(write_key("key", &other, NULL));
    cr_expect_not(is_good("/x.pem"));
    cr_expect_str_eq(said(problems),
                     "/x.pem: the private key does not belong to the certificate\n");
    drop_identity(&one);
    drop_identity(&other);
}

Test(tls_chain, is_not_good_with_a_key_that_is_encrypted)
{
    struct identity made = make_identity(&(struct wish){ .subject = "a" });

    add(write_certificate("certificate", &made));
    add(write_key("key", &made, "secret"));
    cr_expect_not(is_good("/x.pem"));
    cr_expect(strstr(said(problems), "the private key is encrypted"));
    drop_identity(&made);
}

Test(tls_chain, is_not_good_at_any_length_but_the_whole)
{
    size_t length;

    add(issue("both", &(struct wish){ .subject = "a" }));
    length = strlen(text);
    for (size_t i = 0; i < length - 40; i += 17) {
        char kept = text[i];

        text[i] = '\0';
        cr_expect_not(is_good("/x.pem"), "cut at %zu", i);
        text[i] = kept;
    }
    cr_expect(is_good("/x.pem"));
}

/* The staple lies beside the file, and is about what was in it. */
Test(tls_chain, does_not_look_for_a_staple)
{
    const char *path = issue("x.pem", &(struct wish){ .subject = "a" });

    add(path);
    (void)write_text("x.pem.ocsp", "nonsense");
    cr_expect(is_good(path), "%s", said(problems));
}

Test(tls_chain, tells_who_signed_it)
{
    struct identity root = make_identity(&(struct wish){ .subject = "root" });
    struct wish wish = { .subject = "a", .issuer = &root };
    struct buffer facts = { 0 };

    add(issue("both", &wish));
    add(write_certificate("root", &root));
    tls_chain_write(&(struct tls_chain){ "/x.pem", text }, &facts);
    cr_expect(strstr(buffer_text(&facts), "\nSubject: /CN=a\nIssuer: /CN=root\n"
                                          "Chain Subject: /CN=root\n"
                                          "Chain Issuer: /CN=root\n"),
              "%s", buffer_text(&facts));
    cr_expect_eq(strncmp(buffer_text(&facts), "Serial: ", 8), 0);
    buffer_deinit(&facts);
    drop_identity(&root);
}

Test(tls_chain, tells_nothing_of_what_is_none)
{
    struct buffer facts = { 0 };

    tls_chain_write(&(struct tls_chain){ "/x.pem", "nonsense" }, &facts);
    cr_expect_eq(facts.length, 0);
    buffer_deinit(&facts);
}
