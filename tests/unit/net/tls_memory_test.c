/* What happens when OpenSSL finds no memory: of many allocations, one fails at a time. */
#include "net/tls.h"

#include "base/memory.h"
#include "tls_pair.h"

static long countdown; /* 0: all is well */

static bool fails(void)
{
    return countdown && --countdown == 0;
}

static void *take(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails() ? NULL : malloc(size);
}

static void *take_more(void *old, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return fails() ? NULL : realloc(old, size);
}

static void give(void *old, const char *file, int line)
{
    (void)file;
    (void)line;
    free(old);
}

/* Later OpenSSL has memory of its own, and takes no others. */
__attribute__((constructor)) static void take_over(void)
{
    ensure(CRYPTO_set_mem_functions(take, take_more, give));
}

static void set_up(void)
{
    struct wish wish = { .names = "DNS:a.test", .issuer = &authority };

    set_up_pair();
    (void)issue("a.pem", &wish);
}

TestSuite(tls_memory, .timeout = 120, .init = set_up, .fini = tear_down_pair);

/* True when the failure was still to come at the end. */
static bool visit(const struct tls_acceptor *acceptor,
                  const struct tls_connector *connector, long at)
{
    enum io of_client, of_server;
    bool is_over;
    size_t moved;

    close_pair();
    connect_pair();
    countdown = at;
    if (tls_accept(&server, acceptor, 0) &&
        tls_connect(&client, connector, 0, "a.test")) {
        shake(&of_client, &of_server);
        (void)conn_write(&server, "hello", 5, &moved);
        (void)read_one(&client);
        (void)tls_facts(&server);
        conn_finish(&client);
        (void)read_one(&server);
        (void)conn_trouble(&server);
    }
    close_pair();
    is_over = countdown > 0;
    countdown = 0;
    return is_over;
}

Test(tls_memory, fails_without_harm_during_a_session)
{
    struct tls_acceptor *acceptor = accept_with((struct tls_acceptor_settings){ 0 },
                                                in_folder("a.pem"));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });
    long at = 1;

    while (!visit(acceptor, connector, at))
        at += 1 + at / 100;
    cr_expect_gt(at, 500);
    cr_expect(meet(acceptor, connector, "a.test"));
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls_memory, fails_without_harm_at_the_start)
{
    const char *path = in_folder("a.pem");
    struct tls_acceptor_settings settings = { .policy = "web",
                                              .path_count = 1,
                                              .paths = &path,
                                              .verify = TLS_VERIFY_REQUIRED,
                                              .client_ca = authority_path };
    bool is_over = false;

    for (long at = 1; !is_over; at += 1 + at / 20) {
        struct tls_acceptor *acceptor;

        countdown = at;
        acceptor = tls_acceptor_create(&settings, 1, problems);
        is_over = countdown > 0;
        countdown = 0;
        tls_acceptor_destroy(acceptor);
    }
}
