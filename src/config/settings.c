/* From the document to settings: each section into its struct, then the checks that need
 * to see all of them. */
#include "config/settings.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/text.h"
#include "config/checking.h"
#include "config/consistency.h"
#include "config/document.h"
#include "config/fill.h"
#include "config/reader.h"
#include "config/routing.h"
#include "config/rows.h"

#include <stdlib.h>
#include <string.h>

enum { AUTO_LEAST_MS = 500, AUTO_MOST_MS = 2000 }; /* of check-timeout */

struct builder {
    struct settings *settings;
    struct problems *problems;
    struct frontend_settings frontend; /* what each one starts as */
    struct backend_rules backend;
};

static void fill_object(const struct builder *builder, const struct section *section,
                        void *object)
{
    struct fill fill = {
        .row = schema_find_section(section->kind),
        .section = section,
        .object = object,
        .arena = builder->settings->arena,
        .problems = builder->problems,
    };

    fill_section(&fill);
}

static void build_global(struct builder *builder, const struct section *section)
{
    builder->settings->global.place = section->place;
    fill_object(builder, section, &builder->settings->global);
}

static void build_admin(struct builder *builder, const struct section *section)
{
    fill_object(builder, section, &builder->settings->admin);
}

static void build_frontend(struct builder *builder, const struct section *section)
{
    struct settings *settings = builder->settings;
    struct frontend_settings *frontend = &settings->frontends[settings->frontend_count++];

    *frontend = builder->frontend;
    frontend->place = section->place;
    frontend->name = section->name;
    fill_object(builder, section, frontend);
    frontend->tls.policy = frontend->name;
    frontend->tls.place = document_place(settings->document, "frontend", frontend->name,
                                         "tls-cert");
    routing_lay_shares(frontend);
}

/* What the [check NAME] says that this backend names. Its problems were told once. */
static const char *take_named_check(struct builder *builder,
                                    const struct section *section,
                                    struct backend_rules *rules)
{
    const struct section *named = checking_named(builder->settings->document, section,
                                                 &rules->check);
    struct builder quiet = { .settings = builder->settings,
                             .problems = problems_create() };

    if (named)
        fill_object(&quiet, named, rules);
    problems_destroy(quiet.problems);
    return named ? rules->check.choice.word : NULL;
}

static void build_check(struct builder *builder, const struct section *section)
{
    struct backend_rules rules = builder->backend;

    fill_object(builder, section, &rules);
    checking_resolve(section, &rules, rules.check.choice.word, builder->problems);
}

/* Servers that are asked often are to be found out soon. */
static void settle_timeout(struct check_settings *check)
{
    uint64_t interval_ms = check->interval_ms;

    if (check->timeout_ms)
        return;
    check->timeout_ms = interval_ms < AUTO_LEAST_MS  ? AUTO_LEAST_MS
                        : interval_ms > AUTO_MOST_MS ? AUTO_MOST_MS
                                                     : interval_ms;
}

static void build_backend(struct builder *builder, const struct section *section)
{
    struct settings *settings = builder->settings;
    struct backend_rules rules = builder->backend;
    const char *word;

    rules.backend.place = section->place;
    rules.backend.name = section->name;
    word = take_named_check(builder, section, &rules);
    fill_object(builder, section, &rules);
    checking_resolve(section, &rules, word ? word : rules.check.choice.word,
                     builder->problems);
    rules.backend.tls.place = document_place(settings->document, "backend", section->name,
                                             "server-tls");
    settings->backends[settings->backend_count] = rules.backend;
    settle_timeout(&rules.check);
    settings->checks[settings->backend_count] = rules.check;
    settings->backend_count++;
}

static void (*const builds[SECTIONS])(struct builder *builder,
                                      const struct section *section) = {
    [SECTION_GLOBAL] = build_global,     [SECTION_ADMIN] = build_admin,
    [SECTION_FRONTEND] = build_frontend, [SECTION_BACKEND] = build_backend,
    [SECTION_CHECK] = build_check,
};

/* Wherever [defaults] stands, it counts for all. */
static void build_defaults(struct builder *builder)
{
    const struct settings *settings = builder->settings;
    struct fill fills[2] = {
        { .row = schema_section(SECTION_FRONTEND), .object = &builder->frontend },
        { .row = schema_section(SECTION_BACKEND), .object = &builder->backend },
    };

    for (size_t i = 0; i < 2; i++) {
        fills[i].arena = settings->arena;
        fills[i].problems = builder->problems;
        fills[i].section = document_find_section(settings->document, "defaults", NULL);
        key_set_initials(fills[i].row->keys, fills[i].object, settings->arena);
    }
    if (fills->section)
        fill_defaults(fills);
}

static void report_unknown_section(const struct builder *builder,
                                   const struct section *section)
{
    const char *kinds[SECTIONS + 1] = { NULL };
    const char *nearest;

    for (size_t i = 0; i < SECTIONS; i++)
        kinds[i] = schema_section((enum section_id)i)->kind;
    nearest = text_nearest(section->kind, kinds);
    if (nearest)
        problem_add_at(builder->problems, section->place,
                       "unknown section [%.60s]; did you mean [%s%s]?", section->title,
                       nearest, schema_find_section(nearest)->sample_name ? " NAME" : "");
    else
        problem_add_at(builder->problems, section->place, "unknown section [%.60s]",
                       section->title);
}

/* Of a section with a known row: named if and only if it has to be, and well. */
static bool has_good_title(const struct builder *builder, const struct section *section)
{
    bool is_named = schema_find_section(section->kind)->sample_name;
    const char *wrong = section->name && is_named ? key_check_name(section->name) : NULL;

    if (is_named && !section->name)
        wrong = "a name is missing behind the word";
    if (!is_named && section->name)
        wrong = "this section has no name";
    if (wrong)
        problem_add_at(builder->problems, section->place, "[%s]: %s", section->title,
                       wrong);
    return !section->name == !is_named;
}

static void build_section(struct builder *builder, const struct section *section)
{
    const struct section_row *row = schema_find_section(section->kind);

    if (!row)
        report_unknown_section(builder, section);
    else if (has_good_title(builder, section) && builds[row->id])
        builds[row->id](builder, section);
}

static void make_room(struct settings *settings)
{
    size_t frontends = document_count_sections(settings->document, "frontend");
    size_t backends = document_count_sections(settings->document, "backend");
    struct arena *arena = settings->arena;

    settings->frontends = arena_new(arena, frontends * sizeof *settings->frontends);
    settings->backends = arena_new(arena, backends * sizeof *settings->backends);
    settings->checks = arena_new(arena, backends * sizeof *settings->checks);
}

static void build(struct settings *settings, struct problems *problems)
{
    struct builder builder = { .settings = settings, .problems = problems };

    settings->global.place.file = settings->document->path;
    key_set_initials(schema_section(SECTION_GLOBAL)->keys, &settings->global,
                     settings->arena);
    key_set_initials(schema_section(SECTION_ADMIN)->keys, &settings->admin,
                     settings->arena);
    make_room(settings);
    build_defaults(&builder);
    list_each(link, &settings->document->sections)
        build_section(&builder, list_object(link, struct section, link));
    consistency_check(settings, problems);
}

/* A NULL text: the file of that path is read. */
static struct settings *read_and_build(const char *path, const char *text,
                                       struct problems *problems)
{
    struct settings *settings = memory_new(sizeof *settings);
    struct document *document;

    settings->arena = arena_create();
    document = document_create(settings->arena, path);
    settings->document = document;
    if (text)
        reader_read_text(document, text, problems);
    if (text || reader_read(document, problems))
        build(settings, problems);
    if (!problems_count(problems))
        return settings;
    settings_destroy(settings);
    return NULL;
}

struct settings *settings_read(const char *path, struct problems *problems)
{
    return read_and_build(path, NULL, problems);
}

struct settings *settings_read_text(const char *name, const char *text,
                                    struct problems *problems)
{
    return read_and_build(name, text, problems);
}

void settings_destroy(struct settings *settings)
{
    if (!settings)
        return;
    arena_destroy(settings->arena);
    free(settings);
}

const struct backend_settings *settings_find_backend(const struct settings *settings,
                                                     const char *name)
{
    for (size_t i = 0; i < settings->backend_count; i++)
        if (!strcmp(settings->backends[i].name, name))
            return &settings->backends[i];
    return NULL;
}

const char *settings_check_name(const char *name)
{
    return key_check_name(name);
}
