/* What an operator changed, told before it is forgotten. */
#include "admin/runtime.h"

#include "admin/command.h"
#include "config/settings.h"
#include "control/control.h"
#include "control/drift.h"

#include <stdbool.h>
#include <string.h>

void runtime_show(struct call *call)
{
    struct buffer *out = &call->reply->text;

    drift_write(call->control, out);
    if (!out->length)
        reply_say(call->reply, SEVERITY_INFO, "All is as the configuration says.");
}

/* Other lines of the drift last until usher ends, at most. */
static bool is_saved(const char *line)
{
    const char *colon = strchr(line, ':');

    return !strncmp(line, "server ", 7) && colon &&
           (!strncmp(colon, ": state ", 8) || !strncmp(colon, ": weight ", 9));
}

/* Returns how many lines are saved; writes the others. */
static size_t sort_out(char *lines, struct buffer *others)
{
    size_t saved = 0;
    char *line;

    while ((line = strsep(&lines, "\n"))) {
        if (is_saved(line))
            saved++;
        else if (*line)
            buffer_format(others, "not saved: %s\n", line);
    }
    return saved;
}

static void tell(struct call *call)
{
    const char *path = control_settings(call->control)->global.state_file;
    struct buffer drift = { 0 }, others = { 0 };
    size_t saved;

    drift_write(call->control, &drift);
    buffer_add_text(&drift, "");
    saved = sort_out(drift.bytes, &others);
    reply_say(call->reply, others.length ? SEVERITY_WARNING : SEVERITY_INFO,
              "saved: %zu change%s to %s\n%s", saved, saved == 1 ? "" : "s", path,
              buffer_text(&others));
    buffer_deinit(&others);
    buffer_deinit(&drift);
}

void runtime_save(struct call *call)
{
    const char *wrong = drift_save(call->control);

    if (wrong)
        reply_refuse(call->reply, "not saved: %s", wrong);
    else
        tell(call);
}
