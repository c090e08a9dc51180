/* Writes the configurations of members, starts each as a JVM of its own, asks them. */
#include "support/ensemble.h"

#include "support/kept.h"
#include "support/patience.h"
#include "support/scratch.h"
#include "support/spawn.h"
#include "support/wire.h"

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* Below the ports that the system gives to those who connect: one of them would be in the
 * way of a member that comes back. */
enum { PORT_LEAST = 12000, PORT_COUNT = 20000, PORT_STEP = 97, PORTS = 3 };
enum { START_MS = 30000, ANSWER_MS = 1000, ANSWER_MOST = 1024 };

#define JARS "/usr/share/java/"

struct member {
    const char *folder, *config, *log;
    /* Of clients, of the quorum, of elections. Bound all the time, so that nobody else
     * takes them while the member is dead. */
    int reserved[PORTS];
    const char *addresses[PORTS];
    pid_t pid; /* 0: dead */
};

struct ensemble {
    struct ensemble *next;
    const char *folder;
    struct member members[ENSEMBLE_SIZE];
};

/* So that what a test leaves behind is no leak. */
static struct ensemble *all;

static void need_zookeeper(void)
{
    if (spawn_line("java -version").status != 0 ||
        access(JARS "zookeeper.jar", R_OK) != 0)
        cr_skip("java or libzookeeper-java is not installed");
}

/* Two may bind a port that both are ready to share: so it is ours alone at first. */
static int try_port(unsigned port)
{
    struct sockaddr_in place = { .sin_family = AF_INET,
                                 .sin_port = htons((uint16_t)port),
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

    if (fd != -1 && bind(fd, (struct sockaddr *)&place, sizeof place) == 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

static void reserve_port(struct member *member, unsigned number)
{
    unsigned first = (unsigned)getpid() * PORT_STEP;
    int fd = -1;

    for (unsigned i = 0; fd == -1 && i < PORT_COUNT; i++)
        fd = try_port(PORT_LEAST + (first + i) % PORT_COUNT);
    cr_assert_neq(fd, -1, "no free port");
    member->reserved[number] = fd;
    member->addresses[number] = wire_address(fd);
}

static const char *port_of(const char *address)
{
    return strrchr(address, ':') + 1;
}

/* Quick to notice, but with patience for a machine that is busy. */
static void configure(const struct ensemble *ensemble, struct member *member,
                      const char *lines)
{
    const char *text =
        kept_format("tickTime=200\ninitLimit=50\nsyncLimit=10\nmaxSessionTimeout=60000\n"
                    "dataDir=%s\nclientPort=%s\nclientPortAddress=127.0.0.1\n"
                    "admin.enableServer=false\n%s",
                    member->folder, port_of(member->addresses[0]), lines);

    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++)
        text = kept_format("%sserver.%u=%s:%s\n", text, i + 1,
                           ensemble->members[i].addresses[1],
                           port_of(ensemble->members[i].addresses[2]));
    member->config = scratch_write(ensemble->folder,
                                   kept_format("%s.cfg", port_of(member->addresses[0])),
                                   text);
}

static void make_member(struct ensemble *ensemble, unsigned number)
{
    struct member *member = &ensemble->members[number];

    member->folder = scratch_path(ensemble->folder, kept_format("%u", number + 1));
    member->log = scratch_path(ensemble->folder, kept_format("%u.log", number + 1));
    cr_assert_eq(mkdir(member->folder, 0700), 0);
    (void)scratch_write(member->folder, "myid", kept_format("%u\n", number + 1));
    for (unsigned i = 0; i < PORTS; i++)
        reserve_port(member, i);
}

void ensemble_revive(struct ensemble *ensemble, unsigned number)
{
    struct member *member = &ensemble->members[number];

    cr_assert_eq(member->pid, 0, "member %u is alive", number);
    member->pid = spawn_begin_line(
        member->log,
        "java -Xms32m -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"
        " -XX:-UsePerfData -Dzookeeper.preAllocSize=1024 -Dzookeeper.forceSync=no"
        " -Dorg.slf4j.simpleLogger.showDateTime=true"
        " -cp " JARS "zookeeper.jar:" JARS "slf4j-simple.jar"
        " org.apache.zookeeper.server.quorum.QuorumPeerMain %s",
        member->config);
}

static bool is_complete(const struct ensemble *ensemble)
{
    unsigned leaders = 0, followers = 0;

    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++) {
        const char *role = ensemble_role(ensemble, i);

        leaders += strcmp(role, "leader") == 0 ? 1 : 0;
        followers += strcmp(role, "follower") == 0 ? 1 : 0;
    }
    return leaders == 1 && followers == ENSEMBLE_SIZE - 1;
}

struct ensemble *ensemble_start(const char *lines)
{
    struct ensemble *ensemble;

    need_zookeeper();
    ensemble = calloc(1, sizeof *ensemble);
    cr_assert(ensemble, "no memory");
    ensemble->next = all;
    all = ensemble;
    ensemble->folder = scratch_create();
    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++)
        make_member(ensemble, i);
    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++) {
        configure(ensemble, &ensemble->members[i], lines);
        ensemble_revive(ensemble, i);
    }
    eventually(is_complete(ensemble), START_MS);
    return ensemble;
}

void ensemble_kill(struct ensemble *ensemble, unsigned number)
{
    struct member *member = &ensemble->members[number];

    if (member->pid)
        spawn_kill(member->pid);
    member->pid = 0;
}

void ensemble_stop(struct ensemble *ensemble)
{
    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++) {
        ensemble_kill(ensemble, i);
        for (unsigned k = 0; k < PORTS; k++)
            (void)close(ensemble->members[i].reserved[k]);
    }
    scratch_remove(ensemble->folder);
}

const char *ensemble_address(const struct ensemble *ensemble, unsigned member)
{
    return ensemble->members[member].addresses[0];
}

const char *ensemble_log(const struct ensemble *ensemble, unsigned member)
{
    return kept_file(ensemble->members[member].log);
}

static void tell(const struct ensemble *ensemble, unsigned number, int signal)
{
    pid_t pid = ensemble->members[number].pid;

    cr_assert_gt(pid, 0, "member %u is dead", number);
    (void)kill(pid, signal);
}

void ensemble_freeze(struct ensemble *ensemble, unsigned member)
{
    tell(ensemble, member, SIGSTOP);
}

void ensemble_thaw(struct ensemble *ensemble, unsigned member)
{
    tell(ensemble, member, SIGCONT);
}

/* All that comes until the end, as far as it comes in time. */
static void hear(int fd, char *answer, size_t size)
{
    uint64_t until = patience_now_ms() + ANSWER_MS;
    size_t length = 0;

    while (length < size - 1 && wire_wait(fd, POLLIN, until)) {
        ssize_t got = recv(fd, answer + length, size - 1 - length, 0);

        if (got <= 0)
            break;
        length += (size_t)got;
    }
    answer[length] = '\0';
}

static const char *role_in(char *answer)
{
    char *mode = strstr(answer, "Mode: ");

    if (strstr(answer, "not currently serving"))
        return "not serving";
    if (!mode)
        return "";
    mode += strlen("Mode: ");
    mode[strcspn(mode, "\n")] = '\0';
    return kept_format("%s", mode);
}

const char *ensemble_role(const struct ensemble *ensemble, unsigned member)
{
    char answer[ANSWER_MOST] = "";
    int fd = wire_connect_from("127.0.0.9:0", ensemble_address(ensemble, member),
                               ANSWER_MS);

    if (fd == -1)
        return "";
    if (send(fd, "srvr", 4, MSG_NOSIGNAL) == 4)
        hear(fd, answer, sizeof answer);
    (void)close(fd);
    return role_in(answer);
}

/* -1 for none. */
static int find_role(const struct ensemble *ensemble, const char *role, unsigned number)
{
    for (unsigned i = 0; i < ENSEMBLE_SIZE; i++)
        if (strcmp(ensemble_role(ensemble, i), role) == 0 && number-- == 0)
            return (int)i;
    return -1;
}

static unsigned wait_for_role(const struct ensemble *ensemble, const char *role,
                              unsigned number)
{
    int found = -1;

    eventually((found = find_role(ensemble, role, number)) != -1, START_MS);
    return (unsigned)found;
}

unsigned ensemble_leader(const struct ensemble *ensemble)
{
    return wait_for_role(ensemble, "leader", 0);
}

unsigned ensemble_follower(const struct ensemble *ensemble, unsigned number)
{
    return wait_for_role(ensemble, "follower", number);
}
