#include "net/tls_pem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum lookup { LOOKUP_FOUND, LOOKUP_MISSING, LOOKUP_FAILED };

/* Of what is open; NULL when it can be read. */
static const char *find_trouble(int fd)
{
    struct stat facts;

    if (fd == -1 || fstat(fd, &facts) == -1)
        return strerrordesc_np(errno);
    if (S_ISDIR(facts.st_mode))
        return strerrordesc_np(EISDIR);
    return S_ISREG(facts.st_mode) ? NULL : "it is no file";
}

/* Never waits: a FIFO that nobody writes to would hang a reload, and all main does. */
BIO *tls_pem_open(const char *path, const struct tls_report *report)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    const char *trouble = find_trouble(fd);
    FILE *stream = trouble ? NULL : fdopen(fd, "r");
    BIO *file = stream ? BIO_new_fp(stream, BIO_CLOSE) : NULL;

    if (!file)
        tls_report_file(report, path, "cannot be read: %s",
                        trouble ? trouble : "no memory");
    if (!file && stream)
        (void)fclose(stream);
    else if (!stream && fd != -1)
        (void)close(fd);
    ERR_clear_error();
    return file;
}

bool tls_pem_is_readable(const char *path, const struct tls_report *report)
{
    BIO *file = tls_pem_open(path, report);

    BIO_free(file);
    return file != NULL;
}

static BIO *open_chain(const struct tls_chain *chain, const struct tls_report *report)
{
    BIO *text;

    if (!chain->pem)
        return tls_pem_open(chain->path, report);
    text = BIO_new_mem_buf(chain->pem, -1);
    if (!text)
        tls_report_file(report, chain->path, "cannot be read: %s", tls_report_reason());
    return text;
}

/* Nobody is there to be asked for a passphrase. */
static int on_passphrase(char *bytes, int size, int is_writing, void *data)
{
    (void)bytes;
    (void)size;
    (void)is_writing;
    *(bool *)data = true;
    return -1;
}

static bool is_at_end(void)
{
    unsigned long error = ERR_peek_last_error();

    return ERR_GET_LIB(error) == ERR_LIB_PEM &&
           ERR_GET_REASON(error) == PEM_R_NO_START_LINE;
}

static bool read_all(BIO *file, struct stack_st_X509 *found)
{
    X509 *next;

    while ((next = PEM_read_bio_X509(file, NULL, NULL, NULL))) {
        if (!sk_X509_push(found, next)) {
            X509_free(next);
            return false;
        }
    }
    return is_at_end();
}

struct stack_st_X509 *tls_pem_certificates(const struct tls_chain *chain,
                                           const struct tls_report *report)
{
    const char *path = chain->path;
    BIO *file = open_chain(chain, report);
    struct stack_st_X509 *found = sk_X509_new_null();
    bool is_read = file && found && read_all(file, found);

    if (file && !is_read)
        tls_report_file(report, path, "certificate %d cannot be read: %s",
                        found ? sk_X509_num(found) + 1 : 1, tls_report_reason());
    else if (file && !sk_X509_num(found))
        tls_report_file(report, path, "there is no certificate in it");
    BIO_free(file);
    ERR_clear_error();
    if (is_read && sk_X509_num(found))
        return found;
    sk_X509_pop_free(found, X509_free);
    return NULL;
}

/* OpenSSL's reader of keys does not say whether there was none. */
static enum lookup find_key(BIO *file)
{
    static const char ending[] = "PRIVATE KEY";
    char *name = NULL, *header = NULL;
    unsigned char *bytes = NULL;
    bool is_key = false;
    long length;

    while (!is_key && PEM_read_bio(file, &name, &header, &bytes, &length)) {
        size_t begin = strlen(name);

        begin = begin < sizeof ending - 1 ? 0 : begin - (sizeof ending - 1);
        is_key = !strcmp(name + begin, ending);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(bytes, (size_t)length);
    }
    if (is_key)
        return LOOKUP_FOUND;
    return is_at_end() ? LOOKUP_MISSING : LOOKUP_FAILED;
}

static enum lookup read_key(BIO *file, const char *path, const struct tls_report *report,
                            EVP_PKEY **key)
{
    bool is_encrypted = false;

    ERR_clear_error();
    (void)BIO_reset(file);
    *key = PEM_read_bio_PrivateKey(file, NULL, on_passphrase, &is_encrypted);
    if (*key)
        return LOOKUP_FOUND;
    if (is_encrypted)
        tls_report_file(report, path,
                        "the private key is encrypted; store it without a passphrase");
    else
        tls_report_file(report, path, "the private key cannot be read: %s",
                        tls_report_reason());
    return LOOKUP_FAILED;
}

static enum lookup look_for_key(const struct tls_chain *chain,
                                const struct tls_report *report, EVP_PKEY **key)
{
    BIO *file = open_chain(chain, report);
    enum lookup lookup;

    if (!file)
        return LOOKUP_FAILED;
    lookup = find_key(file);
    if (lookup != LOOKUP_MISSING)
        lookup = read_key(file, chain->path, report, key);
    BIO_free(file);
    ERR_clear_error();
    return lookup;
}

EVP_PKEY *tls_pem_key(const struct tls_chain *chain, const struct tls_report *report)
{
    EVP_PKEY *key = NULL;
    enum lookup lookup = look_for_key(chain, report, &key);
    char beside[PATH_MAX];

    (void)snprintf(beside, sizeof beside, "%s.key", chain->path);
    if (lookup == LOOKUP_MISSING && access(beside, F_OK) == 0)
        lookup = look_for_key(&(struct tls_chain){ .path = beside }, report, &key);
    if (lookup == LOOKUP_MISSING)
        tls_report_file(report, chain->path,
                        "the private key is missing; put it into the file or beside "
                        "it as %s",
                        beside);
    return key;
}
