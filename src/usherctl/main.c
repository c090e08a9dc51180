/* usherctl: shows what an usher does, and makes it do something else. */
#include "base/version.h"
#include "usherctl/completion.h"
#include "usherctl/help.h"
#include "usherctl/inspect.h"
#include "usherctl/usherctl_manual.h"
#include "usherctl/verbs.h"

#include <stdio.h>
#include <stdlib.h>

static enum outcome complain(const char *what, const char *why)
{
    return outcome_tell(OUTCOME_USAGE, "%s %s; see usherctl --help", what, why);
}

static enum outcome print(struct buffer *text)
{
    (void)fputs(buffer_text(text), stdout);
    buffer_deinit(text);
    return OUTCOME_DONE;
}

static enum outcome run_verb(struct invocation *invocation)
{
    const struct verb *verb = verbs_find(invocation->words[0]);
    size_t arguments = invocation->word_count - 1;

    if (verb == verbs_find(""))
        arguments++;
    invocation_check(invocation, verb->name);
    if (invocation->trouble)
        return complain(invocation->culprit, invocation->trouble);
    if (arguments < verb->least)
        return complain(verb->name, "needs a server, such as app/a");
    if (arguments > verb->most)
        return complain(invocation->words[verb->most + 1], "is one word too many");
    return verb->run(invocation);
}

static enum outcome run(struct invocation *invocation)
{
    struct buffer text = { 0 };

    if (invocation->trouble)
        return complain(invocation->culprit, invocation->trouble);
    if (invocation->help)
        help_write(&text);
    else if (invocation->manual)
        usherctl_manual_write(&text);
    else if (invocation->version)
        buffer_add_text(&text, "usherctl " USHER_VERSION "\n");
    else if (invocation->completion)
        completion_write(invocation->completion, &text);
    else if (invocation->lists_names)
        return inspect_names(invocation);
    else
        return invocation->word_count ? run_verb(invocation)
                                      : complain("what", "shall usherctl do?");
    return print(&text);
}

int main(int count, char **words)
{
    const char *socket = getenv(INVOCATION_VARIABLE);
    struct invocation invocation = invocation_read(count, words, socket);
    enum outcome outcome = run(&invocation);

    invocation_deinit(&invocation);
    if (fflush(stdout) == EOF || ferror(stdout))
        outcome = outcome_tell(OUTCOME_UNPRINTED, "the output cannot be written");
    return (int)outcome;
}
