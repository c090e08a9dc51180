/* How good or bad something is, for whoever paints it. Pure. */
#pragma once

/* From nothing to worry about to the worst. */
enum tone { TONE_PLAIN, TONE_FAINT, TONE_GOOD, TONE_WARNING, TONE_BAD, TONES };

/* Of what `show stat` says under "status". */
enum tone tone_of_status(const char *status);
