/* What the tests of this folder share: a workspace, and a frontend whose only server is a
 * socket of the test that lets everybody in. */
#pragma once

#include "backend/backend.h"
#include "backend/balancer.h"
#include "backend/queue.h"
#include "backend/rotation.h"
#include "base/log.h"
#include "base/memory.h"
#include "net/socket.h"
#include "proxy/entrance.h"
#include "proxy/frontend.h"
#include "proxy/session_parts.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <poll.h>
#include <unistd.h>

static struct ev_loop *loop;
static struct workspace workspace;
static struct gauge everybody;
static int server_door; /* where the only server listens */
static struct frontend_settings frontend_settings = {
    .name = "web",
    .idle_timeout_ms = 600000,
    .half_closed_timeout_ms = 600000,
    .session_log = SESSION_LOG_OFF,
};
static struct backend_settings rules = { .name = "app",
                                         .connect_timeout_ms = 600000,
                                         .connect_budget_ms = 600000 };
static struct frontend frontend = { .settings = &frontend_settings,
                                    .usual = { .rules = &rules } };

static inline void ignore_failed_connect(void *owner, struct server *server)
{
    (void)owner;
    (void)server;
}

static inline void ignore_queue_call(void *owner, unsigned worker)
{
    (void)owner;
    (void)worker;
}

/* Listening on a port of loopback that the system chose. */
static inline int listen_somewhere(struct address *where)
{
    struct socket_options options = { .backlog = 1024 };
    struct address_parts parts;
    int fd;

    cr_assert_null(address_parse("127.0.0.1:0", &parts));
    fd = socket_bind(&parts.address, &options);
    cr_assert(socket_listen(fd, 1024));
    cr_assert(socket_local_address(fd, where));
    return fd;
}

static inline struct backend *make_backend(void)
{
    struct server_settings settings = { .name = "a", .text = "a", .weight = 1 };
    struct backend *backend = backend_create("app", 2, 1);

    server_door = listen_somewhere(&settings.destination.address);
    backend->balancer = balancer_find("roundrobin");
    backend->queue = queue_create(1, ignore_queue_call, NULL);
    backend_add(backend, server_create(backend, &settings, 1));
    cr_assert_null(rotation_publish(backend, rotation_build(backend)));
    return backend;
}

static inline void begin_serving(void)
{
    struct workspace_settings settings = {
        .maxconn = 200,
        .present = &everybody,
        .on_connect_failed = ignore_failed_connect,
    };

    log_set_level(LEVEL_ERROR);
    loop = settings.loop = ev_loop_new(EVBACKEND_EPOLL | EVFLAG_NOENV);
    workspace_init(&workspace, &settings);
    frontend.usual.backend = make_backend();
    frontend.entrance = entrance_create("web", 1, 1);
    frontend_init(&frontend, 1);
}

static inline void end_serving(void)
{
    list_each(link, &workspace.present)
        session_end_because(session_of(link), ENDING_EXIT);
    cr_expect_eq(gauge_read(&everybody), 0);
    cr_expect_eq(frontend_guests(&frontend), 0);
    frontend_deinit(&frontend);
    entrance_destroy(frontend.entrance);
    backend_destroy(frontend.usual.backend);
    workspace_deinit(&workspace);
    ev_loop_destroy(loop);
}

static inline void turn(void)
{
    (void)ev_run(loop, EVRUN_NOWAIT);
}

/* What the client sees within reason: bytes, 0 for an end, -1 for a reset. */
static inline ssize_t hear(int client)
{
    struct pollfd waiting = { .fd = client, .events = POLLIN };
    char byte;

    cr_assert_eq(poll(&waiting, 1, 10000), 1, "the client heard nothing");
    return read(client, &byte, 1);
}
