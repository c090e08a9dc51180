#include "net/tls_acceptor.h"

#include "tls_pair.h"

#include <sys/stat.h>

static const struct place here = { "usher.ini", 5 };

static struct identity site;

static void set_up(void)
{
    set_up_pair();
    site = make_identity(&(struct wish){ .names = "DNS:a.test", .issuer = &authority });
}

static void tear_down(void)
{
    drop_identity(&site);
    tear_down_pair();
}

TestSuite(tls_acceptor, .timeout = 60, .init = set_up, .fini = tear_down);

static struct tls_acceptor *make_at(const char *path)
{
    const struct tls_acceptor_settings settings = {
        .place = here, .policy = "web", .path_count = 1, .paths = &path
    };

    problems_destroy(problems);
    problems = problems_create();
    return tls_acceptor_create(&settings, WORKERS, problems);
}

/* `sentence` has one %s for the path. */
static void expect_said(const char *path, const char *sentence)
{
    char line[512] = "usher.ini:5: ";
    size_t begin = strlen(line);

    (void)snprintf(line + begin, sizeof line - begin, sentence, path, path);
    cr_expect_str_eq(said(problems), line);
}

static void refuses(const char *path, const char *sentence)
{
    cr_expect_null(make_at(path));
    expect_said(path, sentence);
}

Test(tls_acceptor, says_what_is_wrong_with_a_file)
{
    struct identity other = make_identity(&(struct wish){ 0 });
    const char *path;

    refuses(in_folder("none.pem"), "%s: cannot be read: No such file or directory\n");
    refuses(write_text("text.pem", "hello\n"), "%s: there is no certificate in it\n");
    refuses(write_certificate("alone.pem", &site),
            "%s: the private key is missing; put it into the file or beside it as "
            "%s.key\n");
    path = write_certificate("other.pem", &site);
    (void)write_key("other.pem.key", &other, NULL);
    refuses(path, "%s: the private key does not belong to the certificate\n");
    path = write_certificate("locked.pem", &site);
    (void)write_key("locked.pem.key", &site, "secret");
    refuses(path, "%s.key: the private key is encrypted; store it without a "
                  "passphrase\n");
    path = write_both("stapled.pem", &site);
    (void)write_text("stapled.pem.ocsp", "nonsense");
    refuses(path, "%s.ocsp: not a good OCSP response in DER\n");
    drop_identity(&other);
}

Test(tls_acceptor, says_what_is_damaged)
{
    static const char *const damaged[] = {
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n",
        "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n",
    };

    for (size_t i = 0; i < COUNT(damaged); i++) {
        cr_expect_null(make_at(write_text("site.pem", damaged[i])));
        cr_expect(strstr(said(problems), "site.pem: certificate 1 cannot be read: "),
                  "%s", said(problems));
    }
    cr_expect_null(make_at(write_text("site.pem.key", "-----BEGIN PRIVATE KEY-----\n")));
    (void)write_certificate("site.pem", &site);
    cr_expect_null(make_at(in_folder("site.pem")));
    cr_expect(strstr(said(problems), "site.pem.key: the private key cannot be read: "),
              "%s", said(problems));
}

Test(tls_acceptor, refuses_keys_that_are_too_weak)
{
    struct wish wish = { .names = "DNS:a.test", .rsa_bits = 1024 };

    cr_expect_null(make_at(issue("weak.pem", &wish)));
    cr_expect(strstr(said(problems), "weak.pem: not strong enough: ee key too small"));
}

/* Each time: the second acceptor finds the list read already. */
Test(tls_acceptor, warns_of_an_expired_list_of_the_revoked)
{
    const char *path = write_both("a.pem", &site);
    struct tls_acceptor_settings settings = {
        .policy = "web",
        .paths = &path,
        .path_count = 1,
        .verify = TLS_VERIFY_REQUIRED,
        .client_ca = authority_path,
        .crl = write_crl_until(-3, "old.crl", &authority, NULL),
    };
    struct tls_acceptor *acceptors[2];

    for (size_t i = 0; i < 2; i++) {
        acceptors[i] = tls_acceptor_create(&settings, WORKERS, problems);
        cr_expect(acceptors[i]);
        cr_expect_eq(problems_warnings(problems), i + 1);
    }
    cr_expect(strstr(said(problems), "old.crl: nobody whom its authority signed is "
                                     "trusted: the list of revoked certificates expired "
                                     "on 2"),
              "%s", said(problems));
    for (size_t i = 0; i < 2; i++)
        tls_acceptor_destroy(acceptors[i]);
}

Test(tls_acceptor, warns_of_dates)
{
    struct wish expired = { .from_day = -20, .to_day = -3 };
    struct wish early = { .from_day = 3, .to_day = 20 };
    struct tls_acceptor *acceptor = make_at(issue("old.pem", &expired));

    cr_expect(acceptor);
    cr_expect_eq(problems_warnings(problems), 1);
    cr_expect(strstr(said(problems), "old.pem: the certificate expired on 2"), "%s",
              said(problems));
    tls_acceptor_destroy(acceptor);
    acceptor = make_at(issue("new.pem", &early));
    cr_expect(acceptor);
    cr_expect(strstr(said(problems), "new.pem: the certificate is not valid before 2"));
    tls_acceptor_destroy(acceptor);
}

Test(tls_acceptor, takes_the_key_beside_and_the_chain_behind)
{
    struct identity middle = make_identity(&(struct wish){ .subject = "middle" });
    FILE *file = create_file("site.pem");
    struct tls_acceptor *acceptor;

    PEM_write_X509(file, site.certificate);
    PEM_write_X509(file, middle.certificate);
    (void)fclose(file);
    (void)write_key("site.pem.key", &site, NULL);
    acceptor = make_at(in_folder("site.pem"));
    cr_expect(acceptor, "%s", said(problems));
    tls_acceptor_destroy(acceptor);
    drop_identity(&middle);
}

Test(tls_acceptor, reads_folders_in_order)
{
    struct wish second = { .subject = "b", .names = "DNS:b.test", .issuer = &authority };
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });
    struct tls_acceptor *acceptor;

    (void)unlink(authority_path);
    refuses(folder, "%s: there is no *.pem or *.crt in this folder\n");
    (void)issue("b.crt", &second);
    (void)write_certificate("a.pem", &site);
    (void)write_key("a.pem.key", &site, NULL);
    (void)write_text("README", "not a certificate");
    (void)write_text(".pem", "not a certificate");
    acceptor = make_at(folder);
    cr_assert(acceptor, "%s", said(problems));
    cr_expect(meet(acceptor, connector, "b.test"), "%s", conn_trouble(&client));
    cr_expect_not(meet(acceptor, connector, "c.test"));
    tls_acceptor_destroy(acceptor);
    (void)write_text("c.pem", "broken");
    cr_expect_null(make_at(folder));
    tls_connector_destroy(connector);
}

Test(tls_acceptor, says_which_rules_are_wrong)
{
    struct tls_acceptor_settings settings = {
        .place = here,
        .policy = "web",
        .rules = { .ciphers = "NONE-SUCH",
                   .ciphersuites = "TLS_NO",
                   .groups = "P-0",
                   .alpn = "h2,,http/1.1" },
        .verify = TLS_VERIFY_REQUIRED,
    };

    cr_expect_null(tls_acceptor_create(&settings, WORKERS, problems));
    cr_expect(strstr(said(problems), "TLS needs a certificate"));
    cr_expect(strstr(said(problems), "clients cannot be verified without a file"));
    cr_expect(strstr(said(problems), "\"h2,,http/1.1\" is no list of protocols"));
    settings.rules.alpn = NULL;
    settings.verify = TLS_VERIFY_NONE;
    settings.path_count = 1;
    settings.paths = (const char *const[]){ write_both("a.pem", &site) };
    cr_expect_null(tls_acceptor_create(&settings, WORKERS, problems));
    cr_expect(strstr(said(problems), "\"NONE-SUCH\" is no list of ciphers of TLS 1.2: "));
    cr_expect(strstr(said(problems), "\"TLS_NO\" is no list of ciphersuites of TLS 1.3"));
    cr_expect(strstr(said(problems), "\"P-0\" is no list of groups"));
}

Test(tls_acceptor, says_which_authorities_cannot_be_read)
{
    struct tls_acceptor_settings settings = {
        .place = here,
        .policy = "web",
        .path_count = 1,
        .paths = (const char *const[]){ write_both("a.pem", &site) },
        .verify = TLS_VERIFY_OPTIONAL,
        .client_ca = "/nowhere",
    };

    cr_expect_null(tls_acceptor_create(&settings, WORKERS, problems));
    cr_expect(strstr(said(problems), "5: /nowhere: cannot be read: No such file"));
    settings.client_ca = write_text("text.pem", "hello");
    cr_expect_null(tls_acceptor_create(&settings, WORKERS, problems));
    cr_expect(strstr(said(problems), "text.pem: no authority can be read from it: "));
    settings.client_ca = authority_path;
    settings.crl = settings.paths[0];
    cr_expect_null(tls_acceptor_create(&settings, WORKERS, problems));
    cr_expect(strstr(said(problems), "a.pem: no list of revoked certificates"));
}

/* Which name is in the certificate that was shown? */
static bool shows(const char *name)
{
    return X509_check_host(SSL_get0_peer_certificate(ssl_of(&client)), name, 0, 0,
                           NULL) == 1;
}

Test(tls_acceptor, shows_the_certificate_of_the_name)
{
    static const struct {
        const char *asked, *shown;
    } cases[] = {
        { "a.test", "a.test" }, { "A.TEST.", "a.test" },    { "x.b.test", "z.b.test" },
        { "b.test", "a.test" }, { "x.y.b.test", "a.test" }, { "127.0.0.1", "a.test" },
    };
    struct wish wild = { .names = "DNS:*.b.test", .issuer = &authority };
    const char *paths[] = { write_both("a.pem", &site), issue("b.pem", &wild) };
    struct tls_acceptor *acceptor = accept_with(
        (struct tls_acceptor_settings){ .path_count = 2, .paths = paths }, NULL);
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    for (size_t i = 0; i < COUNT(cases); i++) {
        enum io of_client, of_server;

        close_pair();
        connect_pair();
        begin(acceptor, connector, cases[i].asked);
        SSL_set_verify(ssl_of(&client), SSL_VERIFY_NONE, NULL);
        shake(&of_client, &of_server);
        cr_expect_eq(of_client, IO_DONE, "%s", cases[i].asked);
        cr_expect(shows(cases[i].shown), "%s", cases[i].asked);
    }
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls_acceptor, refuses_names_it_does_not_know_when_strict)
{
    struct tls_acceptor *acceptor = accept_with(
        (struct tls_acceptor_settings){ .strict_sni = true }, write_both("a.pem", &site));
    struct tls_connector *connector = connect_with((struct tls_connector_settings){ 0 });

    cr_expect(meet(acceptor, connector, "a.test"));
    cr_expect_not(meet(acceptor, connector, "Other.test"));
    cr_expect_str_eq(conn_trouble(&server), "no certificate for the name other.test");
    cr_expect_str_eq(conn_trouble(&client),
                     "the server refused: the name asked for is not known");
    cr_expect_not(meet(acceptor, connector, "127.0.0.1"));
    cr_expect_str_eq(conn_trouble(&server), "no certificate: no name was asked for");
    tls_acceptor_destroy(acceptor);
    tls_connector_destroy(connector);
}

Test(tls_acceptor, shows_the_kind_of_key_the_client_wants)
{
    struct wish other = { .names = "DNS:a.test", .issuer = &authority, .rsa_bits = 2048 };
    const char *paths[] = { issue("rsa.pem", &other), write_both("ec.pem", &site) };
    struct tls_acceptor *acceptor = accept_with(
        (struct tls_acceptor_settings){ .path_count = 2, .paths = paths }, NULL);
    const char *const wanted[] = { "ECDSA+SHA256:rsa_pss_rsae_sha256",
                                   "rsa_pss_rsae_sha256", NULL };

    for (size_t i = 0; i < COUNT(wanted); i++) {
        struct tls_connector *connector = connect_with(
            (struct tls_connector_settings){ 0 });
        const X509 *shown;

        close_pair();
        connect_pair();
        begin(acceptor, connector, i == 2 ? "unknown.test" : "a.test");
        SSL_set_verify(ssl_of(&client), SSL_VERIFY_NONE, NULL);
        if (wanted[i])
            cr_assert(SSL_set1_sigalgs_list(ssl_of(&client), (uintptr_t)wanted[i]));
        cr_assert(is_shaken(), "%s", conn_trouble(&server));
        shown = SSL_get0_peer_certificate(ssl_of(&client));
        cr_expect_eq(EVP_PKEY_get_base_id(X509_get0_pubkey(shown)),
                     i == 1 ? EVP_PKEY_RSA : EVP_PKEY_EC);
        tls_connector_destroy(connector);
    }
    tls_acceptor_destroy(acceptor);
}

Test(tls_acceptor, verifies_clients_as_it_is_told)
{
    struct wish good = { .subject = "good", .issuer = &authority };
    struct wish stranger = { .subject = "stranger" };
    struct wish expired = { .from_day = -9, .to_day = -2, .issuer = &authority };
    const char *shown[] = { NULL, issue("good.pem", &good),
                            issue("stranger.pem", &stranger),
                            issue("expired.pem", &expired) };
    static const char *const troubles[TLS_VERIFY_REQUIRED + 1][4] = {
        { "", "", "", "" },
        { "", "", "certificate verify failed: self-signed certificate",
          "certificate verify failed: certificate has expired" },
        { "no certificate was shown", "",
          "certificate verify failed: self-signed certificate",
          "certificate verify failed: certificate has expired" },
    };

    for (unsigned verify = 0; verify <= TLS_VERIFY_REQUIRED; verify++) {
        struct tls_acceptor *acceptor =
            accept_with((struct tls_acceptor_settings){ .verify = verify,
                                                        .client_ca = authority_path },
                        write_both("a.pem", &site));

        for (size_t i = 0; i < COUNT(shown); i++) {
            struct tls_connector *connector = connect_with(
                (struct tls_connector_settings){ .certificate = shown[i] });
            bool is_in = meet(acceptor, connector, "a.test");

            cr_expect_str_eq(conn_trouble(&server), troubles[verify][i], "%u %zu: %s",
                             verify, i, conn_trouble(&server));
            cr_expect_eq(is_in, !*troubles[verify][i]);
            cr_expect_eq(tls_facts(&server).is_verified, is_in && verify && i == 1);
            tls_connector_destroy(connector);
        }
        tls_acceptor_destroy(acceptor);
    }
}

Test(tls_acceptor, refuses_revoked_clients)
{
    struct identity revoked = make_identity(
        &(struct wish){ .subject = "gone", .issuer = &authority });
    const char *crls[] = { write_crl("none.crl", &authority, NULL),
                           write_crl("one.crl", &authority, revoked.certificate) };
    struct tls_connector *connector = connect_with((struct tls_connector_settings){
        .certificate = write_both("client.pem", &revoked) });

    for (size_t i = 0; i < COUNT(crls); i++) {
        struct tls_acceptor *acceptor =
            accept_with((struct tls_acceptor_settings){ .verify = TLS_VERIFY_REQUIRED,
                                                        .client_ca = authority_path,
                                                        .crl = crls[i] },
                        write_both("a.pem", &site));

        cr_expect_eq(meet(acceptor, connector, "a.test"), i == 0);
        cr_expect_str_eq(conn_trouble(&server),
                         i ? "certificate verify failed: certificate revoked" : "");
        tls_acceptor_destroy(acceptor);
    }
    tls_connector_destroy(connector);
    drop_identity(&revoked);
}

Test(tls_acceptor, chooses_protocols_in_its_own_order)
{
    static const struct {
        const char *ours, *theirs;
        bool is_strict;
        const char *chosen; /* NULL: refused */
    } cases[] = {
        { "h2,http/1.1", "http/1.1,h2", false, "h2" },
        { "http/1.1", "h2,http/1.1", true, "http/1.1" },
        { "h2", "http/1.1", false, "" },
        { "h2", "http/1.1", true, NULL },
        { "h2", NULL, true, "" },
        { NULL, "h2", true, "" },
    };

    for (size_t i = 0; i < COUNT(cases); i++) {
        struct tls_acceptor *acceptor = accept_with(
            (struct tls_acceptor_settings){ .rules.alpn = cases[i].ours,
                                            .alpn_strict = cases[i].is_strict },
            write_both("a.pem", &site));
        struct tls_connector *connector = connect_with(
            (struct tls_connector_settings){ .rules.alpn = cases[i].theirs });
        const char *chosen = cases[i].chosen;

        cr_expect_eq(meet(acceptor, connector, "a.test"), chosen != NULL, "%zu", i);
        cr_expect_str_eq(tls_facts(&server).alpn, chosen ? chosen : "");
        cr_expect_str_eq(tls_facts(&client).alpn, chosen ? chosen : "");
        if (!chosen)
            cr_expect_str_eq(conn_trouble(&server), "no application protocol in common");
        tls_acceptor_destroy(acceptor);
        tls_connector_destroy(connector);
    }
}

static void write_staple(const char *name)
{
    OCSP_RESPONSE *response;
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id = OCSP_cert_to_id(NULL, site.certificate, authority.certificate);
    ASN1_TIME *now = X509_gmtime_adj(NULL, 0);
    FILE *file = create_file(name);
    unsigned char *bytes = NULL;

    cr_assert(
        OCSP_basic_add1_status(basic, id, V_OCSP_CERTSTATUS_GOOD, 0, NULL, now, NULL));
    cr_assert(OCSP_basic_sign(basic, authority.certificate, authority.key, EVP_sha256(),
                              NULL, 0));
    response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    cr_assert_gt(i2d_OCSP_RESPONSE(response, &bytes), 0);
    cr_assert_eq(fwrite(bytes, (size_t)i2d_OCSP_RESPONSE(response, NULL), 1, file), 1);
    (void)fclose(file);
    OPENSSL_free(bytes);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    OCSP_CERTID_free(id);
    ASN1_TIME_free(now);
}

Test(tls_acceptor, staples_what_lies_beside)
{
    const unsigned char *staple;

    for (int has_staple = 0; has_staple <= 1; has_staple++) {
        struct tls_connector *connector = connect_with(
            (struct tls_connector_settings){ 0 });
        struct tls_acceptor *acceptor;

        if (has_staple)
            write_staple("a.pem.ocsp");
        acceptor = accept_with((struct tls_acceptor_settings){ 0 },
                               write_both("a.pem", &site));
        close_pair();
        connect_pair();
        begin(acceptor, connector, "a.test");
        SSL_set_tlsext_status_type(ssl_of(&client), TLSEXT_STATUSTYPE_ocsp);
        cr_expect(is_shaken());
        cr_expect_eq(SSL_get_tlsext_status_ocsp_resp(ssl_of(&client), &staple) > 0,
                     has_staple);
        tls_acceptor_destroy(acceptor);
        tls_connector_destroy(connector);
    }
}
