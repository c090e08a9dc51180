/* A key is 16 bytes of name, 32 for AES-256 and 32 for HMAC-SHA-256. Each thread has its
 * own copy, so that handshakes share nothing. */
#include "net/tls_ticket.h"

#include "base/memory.h"
#include "net/tls_ticket_install.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

enum { NAME_BYTES = 16, SECRET_BYTES = 32, IV_BYTES = 16 };
/* What OpenSSL wants to be told. */
enum { TICKET_FAILED = -1, TICKET_UNKNOWN = 0, TICKET_GOOD = 1, TICKET_OLD = 2 };

static _Thread_local struct tls_ticket_keys own;

void tls_ticket_keys_rotate(struct tls_ticket_keys *keys)
{
    memmove(keys->bytes[1], keys->bytes[0], sizeof keys->bytes - sizeof *keys->bytes);
    ensure(RAND_priv_bytes(keys->bytes[0], TLS_TICKET_KEY_BYTES) == 1);
    if (keys->count < TLS_TICKET_KEYS)
        keys->count++;
}

void tls_ticket_use(const struct tls_ticket_keys *keys)
{
    own = *keys;
}

static bool has_key(void)
{
    if (!own.count && RAND_priv_bytes(own.bytes[0], TLS_TICKET_KEY_BYTES) == 1)
        own.count = 1;
    return own.count > 0;
}

static bool set_mac(EVP_MAC_CTX *mac, const unsigned char *key)
{
    char digest[] = "SHA256";
    unsigned char secret[SECRET_BYTES];
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_KEY, secret, sizeof secret),
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_end(),
    };
    bool is_set;

    memcpy(secret, key + NAME_BYTES + SECRET_BYTES, sizeof secret);
    is_set = EVP_MAC_CTX_set_params(mac, parameters) == 1;
    OPENSSL_cleanse(secret, sizeof secret);
    return is_set;
}

static int seal(unsigned char *name, unsigned char *iv, EVP_CIPHER_CTX *cipher,
                EVP_MAC_CTX *mac)
{
    const unsigned char *key = own.bytes[0];

    if (!has_key() || RAND_bytes(iv, IV_BYTES) != 1)
        return TICKET_FAILED;
    memcpy(name, key, NAME_BYTES);
    if (!EVP_EncryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key + NAME_BYTES, iv) ||
        !set_mac(mac, key))
        return TICKET_FAILED;
    return TICKET_GOOD;
}

static int unseal(const unsigned char *name, const unsigned char *iv,
                  EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac)
{
    const unsigned char *key;
    unsigned i = 0;

    while (i < own.count && memcmp(own.bytes[i], name, NAME_BYTES) != 0)
        i++;
    if (i == own.count)
        return TICKET_UNKNOWN;
    key = own.bytes[i];
    if (!set_mac(mac, key) ||
        !EVP_DecryptInit_ex(cipher, EVP_aes_256_cbc(), NULL, key + NAME_BYTES, iv))
        return TICKET_FAILED;
    return i == 0 ? TICKET_GOOD : TICKET_OLD;
}

static int on_ticket(SSL *ssl, unsigned char *name, unsigned char *iv,
                     EVP_CIPHER_CTX *cipher, EVP_MAC_CTX *mac, int is_sealing)
{
    int answer = is_sealing ? seal(name, iv, cipher, mac) : unseal(name, iv, cipher, mac);

    /* In TLS 1.3 a ticket is for one use, and only an old one is answered by another. */
    if (!is_sealing && answer == TICKET_GOOD && SSL_version(ssl) == TLS1_3_VERSION)
        return TICKET_OLD;
    return answer;
}

bool tls_ticket_install(SSL_CTX *context)
{
    return SSL_CTX_set_tlsext_ticket_key_evp_cb(context, on_ticket) == 1;
}
