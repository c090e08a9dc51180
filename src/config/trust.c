/* What is trusted wrongly does harm in silence: here is what can be seen of it. */
#include "config/trust.h"

#include "config/document.h"
#include "config/network_list.h"
#include "config/settings.h"

#include <string.h>

/* One key that lists networks. */
struct list {
    const char *key;
    const struct network_settings *lines;
    size_t count;
};

enum { LISTS = 3 };

static void find_lists(const struct frontend_settings *frontend, struct list lists[LISTS])
{
    lists[0] = (struct list){ "accept-proxy-from", frontend->proxy_from,
                              frontend->proxy_from_count };
    lists[1] = (struct list){ "allow", frontend->allow, frontend->allow_count };
    lists[2] = (struct list){ "deny", frontend->deny, frontend->deny_count };
}

const char *trust_in_network(void *object)
{
    struct network_settings *line = object;

    line->is_file = *line->text == '/';
    return line->is_file ? NULL : network_parse(line->text, &line->network);
}

static void check_files(const struct frontend_settings *frontend,
                        struct problems *problems)
{
    struct list lists[LISTS];

    find_lists(frontend, lists);
    for (size_t i = 0; i < LISTS; i++)
        networks_destroy(network_list_read(lists[i].lines, lists[i].count, problems));
}

static void check_clients(const struct settings *settings,
                          const struct frontend_settings *frontend,
                          struct problems *problems)
{
    const struct tls_acceptor_settings *tls = &frontend->tls;

    if (tls->path_count && tls->verify != TLS_VERIFY_NONE && !tls->client_ca)
        problem_add_at(problems,
                       document_place(settings->document, "frontend", frontend->name,
                                      "tls-verify"),
                       "tls-verify = %s: needs \"tls-client-ca\"",
                       tls->verify == TLS_VERIFY_REQUIRED ? "required" : "optional");
}

void trust_check(const struct settings *settings, struct problems *problems)
{
    for (size_t i = 0; i < settings->frontend_count; i++) {
        check_files(&settings->frontends[i], problems);
        check_clients(settings, &settings->frontends[i], problems);
    }
}

static bool is_same_line(const struct network_settings *one,
                         const struct network_settings *other)
{
    if (one->is_file || other->is_file)
        return !strcmp(one->text, other->text);
    return !memcmp(&one->network, &other->network, sizeof one->network);
}

/* NULL when none of the first `count` lines says the same. */
static const struct network_settings *find_same(const struct list *list, size_t count,
                                                const struct network_settings *line)
{
    for (size_t i = 0; i < count; i++)
        if (is_same_line(&list->lines[i], line))
            return &list->lines[i];
    return NULL;
}

static void warn_of_repeats(const struct list *list, struct problems *problems)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct network_settings *line = &list->lines[i];
        const struct network_settings *same = find_same(list, i, line);

        if (same)
            problem_warn_at(problems, line->place, "%s = %s: stands at %s:%u already",
                            list->key, line->text, same->place.file, same->place.line);
    }
}

static void warn_of_both(const struct list *allow, const struct list *deny,
                         struct problems *problems)
{
    for (size_t i = 0; i < deny->count; i++) {
        const struct network_settings *line = &deny->lines[i];
        const struct network_settings *same = find_same(allow, allow->count, line);

        if (same)
            problem_warn_at(problems, line->place, "deny = %s: is allowed at %s:%u",
                            line->text, same->place.file, same->place.line);
    }
}

static void warn_of_networks(const struct frontend_settings *frontend,
                             struct problems *problems)
{
    struct list lists[LISTS];

    find_lists(frontend, lists);
    for (size_t i = 0; i < LISTS; i++)
        warn_of_repeats(&lists[i], problems);
    warn_of_both(&lists[1], &lists[2], problems);
}

static void warn_of_clients(const struct settings *settings,
                            const struct frontend_settings *frontend,
                            struct problems *problems)
{
    const struct tls_acceptor_settings *tls = &frontend->tls;

    if (tls->path_count && tls->client_ca && tls->verify == TLS_VERIFY_NONE)
        problem_warn_at(problems,
                        document_place(settings->document, "frontend", frontend->name,
                                       "tls-client-ca"),
                        "tls-client-ca = %s: no client is asked for a certificate while "
                        "tls-verify is none",
                        tls->client_ca);
}

static void warn_of_servers(const struct settings *settings, size_t index,
                            struct problems *problems)
{
    const struct backend_settings *backend = &settings->backends[index];
    const struct tls_connector_settings *tls = &backend->tls;
    bool is_used = backend->server_tls ||
                   check_settings_speak_tls(&settings->checks[index], false);

    if (is_used && tls->ca && !tls->verify)
        problem_warn_at(problems,
                        document_place(settings->document, "backend", backend->name,
                                       "server-tls-ca"),
                        "server-tls-ca = %s: no server is verified while "
                        "server-tls-verify is no",
                        tls->ca);
}

static void warn_of_sources(const struct backend_settings *backend,
                            struct problems *problems)
{
    for (size_t i = 0; i < backend->source_count; i++) {
        const struct source_settings *source = &backend->sources[i];
        size_t same = 0;

        while (!address_is_equal(&backend->sources[same].address, &source->address))
            same++;
        if (same < i)
            problem_warn_at(problems, source->place,
                            "source = %s: stands at %s:%u already", source->text,
                            backend->sources[same].place.file,
                            backend->sources[same].place.line);
    }
}

void trust_warn(const struct settings *settings, struct problems *problems)
{
    for (size_t i = 0; i < settings->frontend_count; i++) {
        warn_of_networks(&settings->frontends[i], problems);
        warn_of_clients(settings, &settings->frontends[i], problems);
    }
    for (size_t i = 0; i < settings->backend_count; i++) {
        warn_of_servers(settings, i, problems);
        warn_of_sources(&settings->backends[i], problems);
    }
}
