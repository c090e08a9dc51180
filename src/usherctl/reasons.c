#include "usherctl/reasons.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { QUESTIONS_MOST = 200 };

struct entry {
    char *key, *status; /* owned; the status that the reason is of */
    int64_t changed_s;
    bool is_known;
    struct reason reason;
};

struct reasons {
    size_t count; /* as many as the survey has rows, in its order */
    struct entry *entries;
    const struct survey *survey; /* borrowed until the next one */
    size_t asked[QUESTIONS_MOST];
    size_t asked_count;
    size_t turn; /* of those that are asked again without need */
};

struct reasons *reasons_create(void)
{
    return memory_new(sizeof(struct reasons));
}

static void drop_entries(struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(entries[i].key);
        free(entries[i].status);
    }
    free(entries);
}

void reasons_destroy(struct reasons *reasons)
{
    if (!reasons)
        return;
    drop_entries(reasons->entries, reasons->count);
    free(reasons);
}

static const struct entry *find_entry(const struct reasons *reasons, const char *key,
                                      size_t hint)
{
    for (size_t i = 0; i < reasons->count; i++) {
        const struct entry *entry = &reasons->entries[(hint + i) % reasons->count];

        if (!strcmp(entry->key, key))
            return entry;
    }
    return NULL;
}

/* What was known holds while the status is the same, and for no shorter time. */
static struct entry make_entry(const struct survey_row *row, const struct entry *old)
{
    struct entry entry = { .status = memory_copy_text(row->status),
                           .changed_s = row->changed_s,
                           .reason.at_s = -1 };

    if (!old)
        return entry;
    entry.reason = old->reason;
    entry.is_known = old->is_known && !strcmp(old->status, row->status) &&
                     row->changed_s >= old->changed_s;
    return entry;
}

void reasons_follow(struct reasons *reasons, const struct survey *survey)
{
    struct entry *entries = memory_new_array(survey->count + 1, sizeof *entries);

    for (size_t i = 0; i < survey->count; i++) {
        struct survey_key key = survey_key(&survey->rows[i]);

        entries[i] = make_entry(&survey->rows[i], find_entry(reasons, key.chars, i));
        entries[i].key = memory_copy_text(key.chars);
    }
    drop_entries(reasons->entries, reasons->count);
    reasons->entries = entries;
    reasons->count = survey->count;
    reasons->survey = survey;
    reasons->asked_count = 0;
}

void reasons_refresh(struct reasons *reasons, size_t count)
{
    for (size_t i = 0; i < count && i < reasons->count; i++)
        reasons->entries[reasons->turn++ % reasons->count].is_known = false;
}

size_t reasons_ask(struct reasons *reasons, struct buffer *out)
{
    reasons->asked_count = 0;
    for (size_t i = 0; i < reasons->count; i++) {
        const struct entry *entry = &reasons->entries[i];

        if (entry->is_known || reasons->survey->rows[i].kind != SURVEY_SERVER)
            continue;
        if (reasons->asked_count == QUESTIONS_MOST)
            break;
        buffer_format(out, ";show history %s", entry->key);
        reasons->asked[reasons->asked_count++] = i;
    }
    return reasons->asked_count;
}

static int64_t read_time(const char *text)
{
    struct tm parts = { .tm_year = 0 };
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);

    return end ? (int64_t)timegm(&parts) : -1;
}

/* "when from to who took_ms why": the last one that is heard is the latest. */
void reasons_hear(struct reasons *reasons, size_t question, const char *line)
{
    struct entry *entry;
    struct reason reason = { .at_s = -1 };
    char when[32];
    int behind = 0;

    if (question >= reasons->asked_count)
        return;
    entry = &reasons->entries[reasons->asked[question]];
    entry->is_known = true;
    if (sscanf(line, "%31s %*s %15s %23s %*s %n", when, reason.to, reason.who, &behind) !=
            3 ||
        !behind)
        return;
    reason.at_s = read_time(when);
    if (strcmp(line + behind, "-") != 0)
        (void)snprintf(reason.why, sizeof reason.why, "%s", line + behind);
    if (reason.at_s >= 0)
        entry->reason = reason;
}

const struct reason *reasons_of(const struct reasons *reasons,
                                const struct survey_row *row)
{
    return &reasons->entries[row->place].reason;
}
