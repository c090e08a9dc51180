/* The keys of session tickets, shared by all workers of this process, and rotating. */
#pragma once

enum { TLS_TICKET_KEY_BYTES = 80, TLS_TICKET_KEYS = 3 };

struct tls_ticket_keys {
    unsigned char bytes[TLS_TICKET_KEYS]
                       [TLS_TICKET_KEY_BYTES]; /* the present one first */
    unsigned count;
};

/* Main only: makes a new key, drops the oldest. */
void tls_ticket_keys_rotate(struct tls_ticket_keys *keys);
/* Of the calling thread: from now on its handshakes use these; copied. A thread that was
 * given none uses a key of its own. */
void tls_ticket_use(const struct tls_ticket_keys *keys);
