/* The texts are those of HAProxy's dialect: scripts look for them. */
#include "admin/certificate.h"

#include "admin/command.h"
#include "base/problem.h"
#include "control/certificates.h"
#include "net/tls_chain.h"

#include <stdlib.h>
#include <string.h>

static const char not_used[] =
    "Can't replace a certificate which is not referenced by the configuration!";

/* The first argument; NULL, and refused, for none. */
static const char *path_of(struct call *call, const char *expects)
{
    const char *path = command_argument(call, 0);

    if (!*path)
        reply_refuse(call->reply, "%s", expects);
    return *path ? path : NULL;
}

/* The problems, a line each, and what cannot be done because of them. */
static void refuse_for(struct call *call, const struct problems *problems,
                       const char *verb, const char *path)
{
    struct buffer text = { 0 };

    problems_write(problems, &text);
    reply_refuse(call->reply, "%sCan't %s %s!", buffer_text(&text), verb, path);
    buffer_deinit(&text);
}

void certificate_create(struct call *call)
{
    const char *path = path_of(call, "'new ssl cert' expects a filename");

    if (!path)
        return;
    if (certificates_create(call->control, path) == CERTIFICATES_TAKEN)
        reply_refuse(call->reply, "Certificate '%s' already exists!", path);
    else
        reply_say(call->reply, SEVERITY_NOTICE, "New empty certificate store '%s'!",
                  path);
}

static void set_payload(struct call *call, const char *path, struct problems *problems)
{
    struct tls_chain chain = { path, call->payload };
    enum certificates_outcome outcome = certificates_set(call->control, &chain, problems);

    if (outcome == CERTIFICATES_UNKNOWN)
        reply_refuse(call->reply, "%s\nCan't update %s!", not_used, path);
    else if (outcome == CERTIFICATES_REFUSED)
        refuse_for(call, problems, "update", path);
    else
        reply_say(call->reply, SEVERITY_NOTICE, "Transaction %s for certificate %s!",
                  outcome == CERTIFICATES_BEGUN ? "created" : "updated", path);
}

void certificate_set(struct call *call)
{
    static const char expects[] =
        "'set ssl cert' expects a filename and a certificate as a payload";
    const char *path = path_of(call, expects);
    struct problems *problems;

    if (!path)
        return;
    if (!call->payload) {
        reply_refuse(call->reply, "%s", expects);
        return;
    }
    problems = problems_create();
    set_payload(call, path, problems);
    problems_destroy(problems);
}

static void commit_path(struct call *call, const char *path, struct problems *problems)
{
    enum certificates_outcome outcome = certificates_commit(call->control, path,
                                                            call->caller->by, problems);

    if (outcome == CERTIFICATES_DONE)
        reply_say(call->reply, SEVERITY_NOTICE, "Committing %s\nSuccess!", path);
    else if (outcome == CERTIFICATES_REFUSED)
        refuse_for(call, problems, "commit", path);
    else
        reply_refuse(call->reply, "%s\nCan't commit %s!",
                     outcome == CERTIFICATES_NOT_SET ? "No ongoing transaction!"
                                                     : not_used,
                     path);
}

void certificate_commit(struct call *call)
{
    const char *path = path_of(call, "'commit ssl cert' expects a filename");
    struct problems *problems;

    if (!path)
        return;
    problems = problems_create();
    commit_path(call, path, problems);
    problems_destroy(problems);
}

void certificate_abort(struct call *call)
{
    const char *path = path_of(call, "'abort ssl cert' expects a filename");

    if (!path)
        return;
    if (certificates_abort(call->control, path) == CERTIFICATES_DONE)
        reply_say(call->reply, SEVERITY_NOTICE,
                  "Transaction aborted for certificate '%s'!", path);
    else
        reply_refuse(call->reply, "No ongoing transaction!");
}

void certificate_delete(struct call *call)
{
    const char *path = path_of(call, "'del ssl cert' expects a certificate name");
    enum certificates_outcome outcome;

    if (!path)
        return;
    outcome = certificates_delete(call->control, path, call->caller->by);
    if (outcome == CERTIFICATES_DONE)
        reply_say(call->reply, SEVERITY_NOTICE, "Certificate '%s' deleted!", path);
    else
        reply_refuse(call->reply, "Can't remove the certificate: certificate '%s' %s!",
                     path,
                     outcome == CERTIFICATES_IN_USE ? "in use, can't be deleted"
                                                    : "doesn't exist");
}

static void refuse_insertion(struct call *call, const char *path,
                             enum certificates_outcome outcome)
{
    static const char *const reasons[] = {
        [CERTIFICATES_UNKNOWN] = "does not exist!",
        [CERTIFICATES_NOT_SET] = "is empty!",
        [CERTIFICATES_IN_USE] = "already exists in this list!",
    };

    reply_refuse(call->reply, "Can't edit the crt-list: certificate '%s' %s", path,
                 reasons[outcome]);
}

static void insert(struct call *call, const struct certificates_insertion *what,
                   struct problems *problems)
{
    enum certificates_outcome outcome = certificates_insert(call->control, what,
                                                            problems);

    if (outcome == CERTIFICATES_DONE)
        reply_say(call->reply, SEVERITY_NOTICE,
                  "Inserting certificate '%s' in crt-list '%s'.\nSuccess!", what->path,
                  what->folder);
    else if (outcome == CERTIFICATES_REFUSED)
        refuse_for(call, problems, "insert", what->path);
    else
        refuse_insertion(call, what->path, outcome);
}

void certificate_insert(struct call *call)
{
    struct certificates_insertion what = { command_argument(call, 0),
                                           command_argument(call, 1), call->caller->by };
    struct problems *problems;

    if (!*what.path) {
        reply_refuse(call->reply,
                     "'add ssl crt-list' expects a folder and a certificate name");
        return;
    }
    if (!certificates_has_folder(call->control, what.folder)) {
        reply_refuse(call->reply,
                     "Can't edit the crt-list: crt-list '%s' does not exist!",
                     what.folder);
        return;
    }
    problems = problems_create();
    insert(call, &what, problems);
    problems_destroy(problems);
}

static void list_paths(struct call *call, bool are_waiting)
{
    struct buffer *out = &call->reply->text;
    size_t count;
    const char **paths = certificates_list(call->control, are_waiting, &count);

    if (!are_waiting)
        buffer_add_text(out, "# filename\n");
    else if (count)
        buffer_add_text(out, "# transaction\n");
    for (size_t i = 0; i < count; i++)
        buffer_format(out, "%s%s\n", are_waiting ? "*" : "", paths[i]);
    free(paths);
}

/* A star in front stands for what is set, and not committed yet. */
static void show_one(struct call *call, const char *name)
{
    static const char *const states[] = {
        [CERTIFICATES_ABSENT] = "",
        [CERTIFICATES_EMPTY] = "Empty",
        [CERTIFICATES_UNUSED] = "Unused",
        [CERTIFICATES_USED] = "Used",
    };
    struct buffer *out = &call->reply->text, facts = { 0 };
    bool is_waiting = *name == '*';
    enum certificates_state state = certificates_describe(call->control,
                                                          name + is_waiting, is_waiting,
                                                          &facts);

    if (state == CERTIFICATES_ABSENT)
        reply_refuse(call->reply, "Can't display the certificate: Not found or the "
                                  "certificate is a bundle!");
    else
        buffer_format(out, "Filename: %s\nStatus: %s\n%s", name, states[state],
                      buffer_text(&facts));
    buffer_deinit(&facts);
}

void certificate_show(struct call *call)
{
    const char *name = command_argument(call, 0);

    if (*name) {
        show_one(call, name);
        return;
    }
    list_paths(call, true);
    list_paths(call, false);
}
