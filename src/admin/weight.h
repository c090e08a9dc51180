/* Weights as an administrator writes them. Pure. */
#pragma once

/* "10", or "50%" of the initial weight. NULL when understood; else what to answer. */
const char *weight_read(const char *text, unsigned initial, unsigned *weight);
