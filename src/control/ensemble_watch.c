/* What members said last is in the reports of their checks: nothing else is kept but who
 * led. */
#include "control/ensemble_watch.h"

#include "backend/backend.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "control/ensemble.h"
#include "health/check.h"
#include "health/probe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* How members are checked; NULL when these are none. All of a backend are alike. */
static const struct check_settings *find_settings(const struct backend *backend)
{
    for (size_t i = 0; i < backend->server_count; i++) {
        const struct check *check = backend->servers[i]->check;
        const struct check_settings *settings = check ? check_report(check).settings
                                                      : NULL;

        if (settings)
            return settings->choice.kind == probe_kind_find("zookeeper") ? settings
                                                                         : NULL;
    }
    return NULL;
}

/* Owned by the caller. */
static struct voice *collect_voices(const struct backend *backend, size_t *count)
{
    struct voice *voices = memory_new_array(backend->server_count, sizeof *voices);

    *count = 0;
    for (size_t i = 0; i < backend->server_count; i++) {
        const struct server *server = backend->servers[i];

        if (server->check && !server->is_leaving)
            voices[(*count)++] = (struct voice){
                .name = server->name,
                .is_up = server->health == HEALTH_UP,
                .said = check_report(server->check).last.member
            };
    }
    return voices;
}

static void tell_leader(const char *backend, const struct ensemble *ensemble,
                        const struct ensemble_news *news)
{
    log_notice("ensemble %s is led by %s  backend=%s leader=%s was=%s epoch=%" PRIu64,
               backend, ensemble->leader, backend, ensemble->leader,
               *news->old_leader ? news->old_leader : "unknown", ensemble->epoch);
}

static void tell_state(const char *backend, const struct ensemble *ensemble)
{
    if (ensemble->state == ENSEMBLE_LOST)
        log_error("ensemble %s has lost its quorum: no member serves  backend=%s",
                  backend, backend);
    else if (ensemble->state == ENSEMBLE_LEADERLESS)
        log_warning("ensemble %s has a leader that does not answer, or none: writes may"
                    " hang  backend=%s leader=%s",
                    backend, backend, ensemble->leader);
    else
        log_notice("ensemble %s serves again  backend=%s", backend, backend);
}

static void look(struct backend *backend, const struct check_settings *settings)
{
    struct ensemble *ensemble = backend->ensemble;
    uint64_t grace_ms = 2 * settings->interval_ms + settings->timeout_ms;
    size_t count;
    struct voice *voices = collect_voices(backend, &count);
    struct ensemble_news news = ensemble_note(ensemble, (struct voices){ voices, count },
                                              clock_ms(), grace_ms);

    if (news.has_changed && news.was != ENSEMBLE_UNHEARD)
        tell_state(backend->name, ensemble);
    if (news.is_led_anew)
        tell_leader(backend->name, ensemble, &news);
    free(voices);
}

void ensemble_watch(struct backend *backend)
{
    const struct check_settings *settings = find_settings(backend);

    if (!settings) {
        ensemble_watch_end(backend);
        return;
    }
    if (!backend->ensemble)
        backend->ensemble = memory_new(sizeof *backend->ensemble);
    look(backend, settings);
}

void ensemble_watch_verdict(struct check *check, struct verdict *verdict)
{
    uint64_t epoch = verdict->member.zxid >> 32, newer;
    struct voice *voices;
    size_t count;

    if (verdict->outcome != OUTCOME_PASSED || verdict->member.role != MEMBER_LEADER)
        return;
    voices = collect_voices(check_server(check)->backend, &count);
    newer = ensemble_successor((struct voices){ voices, count }, &verdict->member);
    free(voices);
    if (!newer)
        return;
    verdict->outcome = OUTCOME_FAILED;
    verdict->result = RESULT_ANSWER_BAD;
    verdict->is_certain = true;
    (void)snprintf(verdict->why, sizeof verdict->why,
                   "stale leader: epoch %" PRIu64 " while another one has %" PRIu64,
                   epoch, newer);
}

void ensemble_watch_end(struct backend *backend)
{
    free(backend->ensemble);
    backend->ensemble = NULL;
}
