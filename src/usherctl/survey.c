#include "usherctl/survey.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *skip_line(const char *line)
{
    const char *end = strchr(line, '\n');

    return end ? end + 1 : line + strlen(line);
}

/* The value of "key: value"; its length is up to the line's end. NULL: there is none. */
static const char *find_value(const char *info, const char *key)
{
    size_t length = strlen(key);

    for (; *info; info = skip_line(info))
        if (!strncmp(info, key, length) && !strncmp(info + length, ": ", 2))
            return info + length + 2;
    return NULL;
}

static void copy_value(const char *info, const char *key, char *out, size_t size)
{
    const char *value = find_value(info, key);

    (void)snprintf(out, size, "%.*s", value ? (int)strcspn(value, "\n") : 0,
                   value ? value : "");
}

static int64_t number_of(const char *info, const char *key)
{
    const char *value = find_value(info, key);

    return value && *value >= '0' && *value <= '9' ? strtoll(value, NULL, 10) : -1;
}

static enum survey_kind kind_of(const char *name)
{
    if (!strcmp(name, "FRONTEND"))
        return SURVEY_FRONTEND;
    return strcmp(name, "BACKEND") != 0 ? SURVEY_SERVER : SURVEY_BACKEND;
}

static struct survey_row read_row(const struct csv *stat, size_t row)
{
    const char *name = csv_cell(stat, row, "svname");

    return (struct survey_row){
        .kind = kind_of(name),
        .proxy = csv_cell(stat, row, "pxname"),
        .name = name,
        .status = csv_cell(stat, row, "status"),
        .check = csv_cell(stat, row, "check_status"),
        .last_check = csv_cell(stat, row, "last_chk"),
        .address = csv_cell(stat, row, "addr"),
        .sessions = csv_number(stat, row, "scur"),
        .limit = csv_number(stat, row, "slim"),
        .queued = csv_number(stat, row, "qcur"),
        .rate = csv_number(stat, row, "rate"),
        .total = csv_number(stat, row, "stot"),
        .bytes_in = csv_number(stat, row, "bin"),
        .bytes_out = csv_number(stat, row, "bout"),
        .weight = csv_number(stat, row, "weight"),
        .changed_s = csv_number(stat, row, "lastchg"),
        .in_rate = -1,
        .out_rate = -1,
    };
}

/* usher tells of a backend behind its servers, people read the other way round. */
static void put_backends_first(struct survey *survey)
{
    size_t first = 0;

    for (size_t i = 0; i < survey->count; i++) {
        struct survey_row row = survey->rows[i];

        if (row.kind == SURVEY_SERVER)
            continue;
        memmove(&survey->rows[first + 1], &survey->rows[first], (i - first) * sizeof row);
        survey->rows[first] = row;
        first = i + 1;
    }
}

struct survey *survey_read(const char *info, const char *stat, uint64_t at_ms)
{
    struct survey *survey = memory_new(sizeof *survey);

    survey->at_ms = at_ms;
    copy_value(info, "Usher_version", survey->version, sizeof survey->version);
    copy_value(info, "node", survey->node, sizeof survey->node);
    survey->uptime_s = number_of(info, "Uptime_sec");
    survey->sessions = number_of(info, "CurrConns");
    survey->sessions_most = number_of(info, "Maxconn");
    survey->session_rate = number_of(info, "SessRate");
    survey->generation = number_of(info, "Usher_generation");
    survey->stat = csv_read(stat);
    survey->count = survey->stat.height;
    survey->rows = memory_new_array(survey->count + 1, sizeof *survey->rows);
    for (size_t i = 0; i < survey->count; i++)
        survey->rows[i] = read_row(&survey->stat, i);
    put_backends_first(survey);
    for (size_t i = 0; i < survey->count; i++)
        survey->rows[i].place = i;
    return survey;
}

void survey_destroy(struct survey *survey)
{
    if (!survey)
        return;
    csv_deinit(&survey->stat);
    free(survey->rows);
    free(survey);
}

struct survey_key survey_key(const struct survey_row *row)
{
    struct survey_key key;

    if (row->kind == SURVEY_SERVER)
        (void)snprintf(key.chars, sizeof key.chars, "%s/%s", row->proxy, row->name);
    else
        (void)snprintf(key.chars, sizeof key.chars, "%s", row->proxy);
    return key;
}

static bool is_same(const struct survey_row *one, const struct survey_row *other)
{
    return one->kind == other->kind && !strcmp(one->name, other->name) &&
           !strcmp(one->proxy, other->proxy);
}

const struct survey_row *survey_find(const struct survey *survey,
                                     const struct survey_row *like, size_t hint)
{
    for (size_t i = 0; i < survey->count; i++) {
        const struct survey_row *row = &survey->rows[(hint + i) % survey->count];

        if (is_same(row, like))
            return row;
    }
    return NULL;
}
