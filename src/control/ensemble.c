/* Two members may say that they lead, when one of them was frozen and does not know yet
 * that it was replaced: the higher epoch tells. */
#include "control/ensemble.h"

#include <stdio.h>
#include <string.h>

static uint64_t epoch_of(const struct member *said)
{
    return said->zxid >> 32;
}

/* NULL for none. */
static const struct voice *find_leader(struct voices voices)
{
    const struct voice *leader = NULL;

    for (size_t i = 0; i < voices.count; i++) {
        const struct voice *voice = &voices.all[i];

        if (voice->said.role == MEMBER_LEADER &&
            (!leader || epoch_of(&voice->said) > epoch_of(&leader->said)))
            leader = voice;
    }
    return leader;
}

uint64_t ensemble_successor(struct voices voices, const struct member *said)
{
    const struct voice *leader = find_leader(voices);

    if (said->role != MEMBER_LEADER || !leader ||
        epoch_of(&leader->said) <= epoch_of(said))
        return 0;
    return epoch_of(&leader->said);
}

/* One that is up may have missed its last answer; one that is down because of its role
 * serves all the same. */
static bool may_serve(struct voices voices)
{
    for (size_t i = 0; i < voices.count; i++)
        if (voices.all[i].is_up || voices.all[i].said.role != MEMBER_UNKNOWN)
            return true;
    return false;
}

static bool has_role(struct voices voices)
{
    for (size_t i = 0; i < voices.count; i++)
        if (voices.all[i].said.role != MEMBER_UNKNOWN)
            return true;
    return false;
}

static void follow(struct ensemble *ensemble, const struct voice *leader,
                   struct ensemble_news *news)
{
    uint64_t epoch = epoch_of(&leader->said);

    if (ensemble->epoch == epoch && !strcmp(ensemble->leader, leader->name))
        return;
    news->is_led_anew = true;
    memcpy(news->old_leader, ensemble->leader, sizeof news->old_leader);
    (void)snprintf(ensemble->leader, sizeof ensemble->leader, "%s", leader->name);
    ensemble->epoch = epoch;
}

static enum ensemble_state next_state(const struct ensemble *ensemble,
                                      struct voices voices, bool is_overdue)
{
    if (ensemble->state == ENSEMBLE_UNHEARD)
        return has_role(voices) ? ENSEMBLE_WELL : ENSEMBLE_UNHEARD;
    if (!may_serve(voices))
        return ENSEMBLE_LOST;
    return *ensemble->leader && is_overdue ? ENSEMBLE_LEADERLESS : ENSEMBLE_WELL;
}

struct ensemble_news ensemble_note(struct ensemble *ensemble, struct voices voices,
                                   uint64_t now_ms, uint64_t grace_ms)
{
    struct ensemble_news news = { .was = ensemble->state };
    const struct voice *leader = find_leader(voices);

    if (leader)
        follow(ensemble, leader, &news);
    if (leader || ensemble->state == ENSEMBLE_LOST)
        ensemble->led_at = now_ms;
    ensemble->state = next_state(ensemble, voices, now_ms - ensemble->led_at > grace_ms);
    news.has_changed = ensemble->state != news.was;
    return news;
}
