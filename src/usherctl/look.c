#include "usherctl/look.h"

#include "usherctl/pace.h"

enum { MARKED, INFO, STAT }; /* the replies of a look at the figures */

void look_init(struct look *look)
{
    *look = (struct look){ .reasons = reasons_create() };
}

void look_deinit(struct look *look)
{
    reasons_destroy(look->reasons);
    survey_destroy(look->survey);
    buffer_deinit(&look->info);
    buffer_deinit(&look->stat);
}

void look_begin(struct look *look, struct buffer *request)
{
    buffer_clear(&look->info);
    buffer_clear(&look->stat);
    look->is_at_reasons = false;
    buffer_add_text(request, ANSWER_MARKED "show info;show stat\n");
}

bool look_begin_reasons(struct look *look, struct buffer *request)
{
    struct buffer questions = { 0 };
    bool has_any = reasons_ask(look->reasons, &questions) > 0;

    look->is_at_reasons = true;
    buffer_format(request, ANSWER_MARKED "%s\n", buffer_text(&questions) + has_any);
    buffer_deinit(&questions);
    return has_any;
}

void look_hear(struct answer *answer, const char *line)
{
    struct look *look = answer->owner;
    struct buffer *out = answer->replies == INFO ? &look->info : &look->stat;

    if (look->is_at_reasons && answer->replies > MARKED)
        reasons_hear(look->reasons, answer->replies - 1, line);
    else if (answer->replies > MARKED && answer->grade != ANSWER_REFUSAL)
        buffer_format(out, "%s\n", line);
}

bool look_end(struct look *look, uint64_t now_ms)
{
    struct survey *old = look->survey;
    struct survey *survey;

    if (look->is_at_reasons)
        return true;
    survey = survey_read(buffer_text(&look->info), buffer_text(&look->stat), now_ms);
    if (!survey->stat.width) {
        survey_destroy(survey);
        return false;
    }
    pace_measure(old, survey);
    reasons_follow(look->reasons, survey);
    look->survey = survey;
    survey_destroy(old);
    return true;
}
