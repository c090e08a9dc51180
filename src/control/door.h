/* One listening address: its sockets, one for each worker. Private to the control
 * folder. */
#pragma once

#include "base/address.h"
#include "base/repeat.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct bind_settings;
struct frontend;
struct frontend_settings;
struct problems;

struct door {
    unsigned workers;
    uint64_t key;
    char *owner; /* owned; the frontend's name: a port of 0 is told apart by it */
    struct address_parts where;
    bool only_ip6;
    struct address address;                /* with the port that the system gave */
    const struct frontend *frontend;       /* borrowed from the present generation */
    const struct frontend *next;           /* in the generation being prepared */
    const struct bind_settings *next_bind; /* likewise */
    int *fds;                              /* owned until handed over; -1 then */
    bool is_closed; /* nobody is to connect, see frontend_settings.h: WHEN_EMPTY_CLOSE */
    struct repeat unclosed; /* it was to close, and cannot */
    bool has_served;        /* an inherited descriptor is closed after that */
};

struct door_request {
    const struct bind_settings *bind;
    const struct frontend_settings *owner;
    unsigned workers;
    bool is_port_ours; /* another of our doors has it: that it is taken says nothing */
};

/* NULL, with a problem, when it cannot be opened. */
struct door *door_open(const struct door_request *request, struct problems *problems);
/* Can it be made to refuse, and to listen again? A UNIX socket would never listen again,
 * and one that somebody else opened is theirs too. */
bool door_can_close(const struct door *door);
/* The file of a UNIX socket has the mode that the settings want now. */
void door_set_mode(const struct door *door, mode_t mode);
/* Closes what was not handed over; removes the file of a UNIX socket. */
void door_close(struct door *door);

/* Is it the address that `owner` asks for? */
bool door_is_at(const struct door *door, const struct bind_settings *bind,
                const struct frontend_settings *owner);
