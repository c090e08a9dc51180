/* "scope=backend&metrics=haproxy_backend_current_queue" */
#include "web/metrics_filter.h"

#include <stdio.h>
#include <string.h>

static bool add_scope(struct metrics_filter *filter, const char *word)
{
    static const struct {
        const char *word;
        unsigned scopes;
    } words[] = {
        { "global", METRICS_GLOBAL },
        { "frontend", METRICS_FRONTEND },
        { "backend", METRICS_BACKEND },
        { "server", METRICS_SERVER },
        { "listener", 0 }, /* usher counts by frontend */
        { "*", METRICS_ALL },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].word, word))
            continue;
        filter->scopes |= words[i].scopes;
        return true;
    }
    return false;
}

/* Together they are never longer than the line they came in. */
static void add_names(struct metrics_filter *filter, const char *list)
{
    size_t used = strlen(filter->names);

    (void)snprintf(filter->names + used, sizeof filter->names - used, ",%s", list);
}

static bool names_one(const char *names)
{
    for (; *names; names += strcspn(names, ",")) {
        names += strspn(names, ",");
        if (*names && *names != '-')
            return true;
    }
    return false;
}

bool metrics_filter_read(const struct http_request *request,
                         struct metrics_filter *filter)
{
    bool has_scope = false, is_known = true;
    struct http_option option;
    size_t at = 0;

    *filter = (struct metrics_filter){ 0 };
    while (http_request_option(request, &at, &option)) {
        bool is_scope = !strcmp(option.name, "scope");

        if (!strcmp(option.name, "metrics"))
            add_names(filter, option.value);
        has_scope |= is_scope;
        if (is_scope && !*option.value)
            filter->scopes = 0;
        else if (is_scope)
            is_known &= add_scope(filter, option.value);
    }
    if (!has_scope)
        filter->scopes = METRICS_ALL;
    filter->names_some = names_one(filter->names);
    return is_known;
}

static bool is_name(const char *text, size_t length, const char *prefix, const char *name)
{
    size_t before = strlen(prefix);

    return length == before + strlen(name) && !memcmp(text, prefix, before) &&
           !memcmp(text + before, name, length - before);
}

/* What is said last of a name counts. */
bool metrics_filter_passes(const struct metrics_filter *filter, const char *prefix,
                           const char *name)
{
    bool passes = !filter->names_some;

    for (const char *text = filter->names; *text;) {
        bool is_unwanted = text[1] == '-';
        size_t length;

        text += 1 + is_unwanted;
        length = strcspn(text, ",");
        if (is_name(text, length, prefix, name))
            passes = !is_unwanted;
        text += length;
    }
    return passes;
}
