/* Limits, identity and the pid file. */
#include "control/process.h"

#include "base/log.h"
#include "base/problem.h"
#include "config/settings.h"
#include "proxy/workspace.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    OWN_DESCRIPTORS = 64,        /* log, admin clients, probes, names */
    DESCRIPTORS_PER_WORKER = 16, /* loop, wake-ups, spare */
    DESCRIPTORS_PER_PIPE = 2,
    DESCRIPTORS_PER_SESSION = 2,
    PIPES_SHARE = 8, /* at most so small a part of all descriptors is for pipes */
    MOST_SESSIONS = 1000000,
};

unsigned process_raise_descriptors(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == -1)
        return 1024;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) == -1)
        (void)getrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_cur < UINT32_MAX ? (unsigned)limit.rlim_cur : UINT32_MAX;
}

unsigned process_sessions_for(unsigned descriptors, unsigned own)
{
    unsigned sessions;

    if (descriptors <= own + DESCRIPTORS_PER_SESSION)
        return 1;
    sessions = (descriptors - own) / DESCRIPTORS_PER_SESSION;
    return sessions < MOST_SESSIONS ? sessions : MOST_SESSIONS;
}

unsigned process_pipes_for(unsigned descriptors, unsigned workers)
{
    unsigned most = descriptors / PIPES_SHARE / DESCRIPTORS_PER_PIPE / workers;

    return most < WORKSPACE_PIPES ? most : WORKSPACE_PIPES;
}

static unsigned own_descriptors(const struct settings *settings, unsigned descriptors,
                                unsigned workers)
{
    size_t per_worker = DESCRIPTORS_PER_WORKER +
                        DESCRIPTORS_PER_PIPE * process_pipes_for(descriptors, workers);
    size_t own = OWN_DESCRIPTORS + per_worker * workers;

    for (size_t i = 0; i < settings->frontend_count; i++)
        own += settings->frontends[i].bind_count * (workers + 1);
    /* A probe each, at worst at the same time. */
    for (size_t i = 0; i < settings->backend_count; i++)
        own += settings->backends[i].server_count;
    return own < UINT32_MAX / 2 ? (unsigned)own : UINT32_MAX / 2;
}

unsigned process_limit_sessions(const struct settings *settings, unsigned descriptors,
                                unsigned workers)
{
    unsigned own = own_descriptors(settings, descriptors, workers);
    unsigned possible = process_sessions_for(descriptors, own);
    uint64_t wanted = settings->global.maxconn;

    if (!wanted)
        return possible;
    if (wanted <= possible)
        return (unsigned)wanted;
    log_warning(
        "maxconn is lowered: the descriptor limit allows no more; raise it to %llu  "
        "maxconn=%u descriptors=%u",
        (unsigned long long)(own + wanted * DESCRIPTORS_PER_SESSION), possible,
        descriptors);
    return possible;
}

unsigned process_cpus(void)
{
    cpu_set_t usable;
    int count;

    if (sched_getaffinity(0, sizeof usable, &usable) == -1)
        return 1;
    count = CPU_COUNT(&usable);
    return count > 0 ? (unsigned)count : 1;
}

static bool complain(struct problems *problems, const struct global_settings *settings,
                     const char *what)
{
    problem_add_at(problems, settings->place, "cannot become %s: %s; start as root", what,
                   strerror(errno));
    return false;
}

bool process_become(const struct global_settings *settings, struct problems *problems)
{
    const struct passwd *user = settings->user ? getpwnam(settings->user) : NULL;
    const struct group *group = settings->group ? getgrnam(settings->group) : NULL;
    gid_t gid = group ? group->gr_gid : user ? user->pw_gid : getgid();

    if (!user && !group)
        return true;
    if (geteuid() == 0 && setgroups(0, NULL) == -1)
        return complain(problems, settings, "a member of no other groups");
    if (setgid(gid) == -1)
        return complain(problems, settings,
                        settings->group ? settings->group : "its group");
    if (user && setuid(user->pw_uid) == -1)
        return complain(problems, settings, settings->user);
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return true;
}

bool process_write_pid(const char *path, struct problems *problems)
{
    FILE *file;

    if (!path)
        return true;
    file = fopen(path, "we");
    if (file && fprintf(file, "%ld\n", (long)getpid()) > 0 && !fclose(file))
        return true;
    problem_add(problems, "cannot write the pid file %s: %s", path, strerror(errno));
    return false;
}

void process_remove_pid(const char *path)
{
    if (path)
        (void)unlink(path);
}
