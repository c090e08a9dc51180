/* Each row of the table, under the level that it takes. */
#include "admin/command_manual.h"

#include "admin/command.h"
#include "base/buffer.h"
#include "base/roff.h"

static void write_level(enum admin_level level, struct buffer *out)
{
    struct command_facts facts;
    struct buffer title = { 0 };

    buffer_format(&title, "Level %s", command_level_name(level));
    roff_subsection(out, buffer_text(&title));
    buffer_deinit(&title);
    for (size_t i = 0; command_describe(i, &facts); i++)
        if (facts.level == level)
            roff_entry(out, facts.name, facts.arguments, facts.help);
}

void command_manual_write(struct buffer *out)
{
    write_level(ADMIN_LEVEL_USER, out);
    write_level(ADMIN_LEVEL_OPERATOR, out);
    write_level(ADMIN_LEVEL_ADMIN, out);
}
