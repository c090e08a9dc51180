#include "net/tls_trouble.h"

#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

/* %s is the peer: the client or the server. */
static const struct {
    int reason;
    const char *text;
} reasons[] = {
    { SSL_R_HTTP_REQUEST, "the %s speaks HTTP without TLS" },
    { SSL_R_HTTPS_PROXY_REQUEST, "the %s speaks to an HTTP proxy without TLS" },
    { SSL_R_WRONG_VERSION_NUMBER, "the %s does not speak TLS" },
    { SSL_R_UNEXPECTED_MESSAGE, "the %s does not keep to the order of TLS" },
    { SSL_R_BAD_RECORD_TYPE, "the %s does not speak TLS" },
    { SSL_R_UNEXPECTED_RECORD, "the %s does not keep to the order of TLS" },
    { SSL_R_RECORD_LENGTH_MISMATCH, "the %s does not speak TLS" },
    { SSL_R_PACKET_LENGTH_TOO_LONG, "the %s sent a record that is too long" },
    { SSL_R_ENCRYPTED_LENGTH_TOO_LONG, "the %s sent a record that is too long" },
    { SSL_R_DATA_LENGTH_TOO_LONG, "the %s sent a record that is too long" },
    { SSL_R_EXCESSIVE_MESSAGE_SIZE, "the %s sent a greeting that is too long" },
    { SSL_R_LENGTH_MISMATCH, "the %s sent a malformed message" },
    { SSL_R_BAD_EXTENSION, "the %s sent a malformed message" },
    { SSL_R_UNSUPPORTED_PROTOCOL, "no protocol version in common" },
    { SSL_R_VERSION_TOO_LOW, "no protocol version in common" },
    { SSL_R_UNKNOWN_PROTOCOL, "no protocol version in common" },
    { SSL_R_NO_SHARED_CIPHER, "no cipher in common" },
    { SSL_R_NO_SUITABLE_KEY_SHARE, "no group in common" },
    { SSL_R_NO_SHARED_GROUPS, "no group in common" },
    { SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, "no signature algorithm in common" },
    { SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS, "no signature algorithm in common" },
    { SSL_R_NO_APPLICATION_PROTOCOL, "no application protocol in common" },
    { SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE, "no certificate was shown" },
    { SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, "the %s sent a damaged record" },
    { SSL_R_UNEXPECTED_EOF_WHILE_READING, "the %s left without a farewell" },
    { SSL_R_NO_RENEGOTIATION, "the %s wants to renegotiate" },
    { SSL_R_EE_KEY_TOO_SMALL, "the %s has a key that is too small" },
    { ERR_R_MALLOC_FAILURE, "out of memory" },
};

/* What the peer holds against us. */
static const struct {
    int alert;
    const char *text;
} alerts[] = {
    { SSL_AD_HANDSHAKE_FAILURE, "nothing in common, or a certificate is missing" },
    { SSL_AD_BAD_CERTIFICATE, "our certificate is bad" },
    { SSL_AD_UNSUPPORTED_CERTIFICATE, "our kind of certificate is not supported" },
    { SSL_AD_CERTIFICATE_REVOKED, "our certificate was revoked" },
    { SSL_AD_CERTIFICATE_EXPIRED, "our certificate has expired" },
    { SSL_AD_CERTIFICATE_UNKNOWN, "our certificate is not accepted" },
    { SSL_AD_UNKNOWN_CA, "our certificate's authority is not known" },
    { SSL_AD_ACCESS_DENIED, "access denied" },
    { SSL_AD_PROTOCOL_VERSION, "no protocol version in common" },
    { SSL_AD_INSUFFICIENT_SECURITY, "our ciphers are too weak" },
    { SSL_AD_UNRECOGNIZED_NAME, "the name asked for is not known" },
    { SSL_AD_UNKNOWN_PSK_IDENTITY, "the session is not known" },
    { TLS1_AD_NO_APPLICATION_PROTOCOL, "no application protocol in common" },
    { TLS13_AD_CERTIFICATE_REQUIRED, "a certificate is required" },
};

static const char *find_reason(int reason)
{
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].reason == reason)
            return reasons[i].text;
    return NULL;
}

static const char *find_alert(int alert)
{
    for (size_t i = 0; i < sizeof alerts / sizeof *alerts; i++)
        if (alerts[i].alert == alert)
            return alerts[i].text;
    return SSL_alert_desc_string_long(alert);
}

static void explain_distrust(long result, char *out, size_t size)
{
    (void)snprintf(out, size, "certificate verify failed: %s",
                   X509_verify_cert_error_string(result));
}

static void explain_default(unsigned long error, const char *peer, char *out, size_t size)
{
    const char *reason = ERR_reason_error_string(error);

    (void)snprintf(out, size, "TLS with the %s failed: %s", peer,
                   reason ? reason : "for no reason that is known");
}

static void explain(const struct tls_failure *failure, unsigned long error, char *out,
                    size_t size)
{
    const char *peer = failure->is_connector ? "server" : "client";
    int reason = ERR_GET_REASON(error), alert = reason - SSL_AD_REASON_OFFSET;
    const char *text = find_reason(reason);

    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED)
        explain_distrust(SSL_get_verify_result(failure->ssl), out, size);
    else if (alert >= 0 && alert <= UINT8_MAX)
        (void)snprintf(out, size, "the %s refused: %s", peer, find_alert(alert));
    else if (text)
        (void)snprintf(out, size, text, peer);
    else
        explain_default(error, peer, out, size);
}

static void explain_silence(const struct tls_failure *failure, char *out, size_t size)
{
    const char *peer = failure->is_connector ? "server" : "client";
    const char *why = failure->number ? strerrordesc_np(failure->number) : NULL;

    if (why)
        (void)snprintf(out, size, "the %s is gone: %s", peer, why);
    else
        (void)snprintf(out, size, "the %s left without a farewell", peer);
}

/* The first error is the cause; later ones are what callers made of it. */
const char *tls_trouble(const struct tls_failure *failure, char *out, size_t size)
{
    unsigned long error = ERR_peek_error();

    if (error && failure->error == SSL_ERROR_SSL)
        explain(failure, error, out, size);
    else
        explain_silence(failure, out, size);
    return out;
}

bool tls_trouble_of_peer(SSL *ssl, char *out, size_t size)
{
    const X509 *certificate = SSL_get0_peer_certificate(ssl);
    int mode = SSL_get_verify_mode(ssl);
    long result = SSL_get_verify_result(ssl);

    if (!(mode & SSL_VERIFY_PEER))
        return false;
    if (!certificate) {
        (void)snprintf(out, size, "no certificate was shown");
        return !SSL_is_server(ssl) || mode & SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    }
    if (result == X509_V_OK && X509_cmp_time(X509_get0_notAfter(certificate), NULL) < 0)
        result = X509_V_ERR_CERT_HAS_EXPIRED;
    explain_distrust(result, out, size);
    return result != X509_V_OK;
}
