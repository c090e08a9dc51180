/* Which usher this is. */
#pragma once

#define USHER_VERSION "0.1.0"
#define USHER_RELEASED "2026/11/22"

/* Said to tools that ask for HAProxy's version: whose dialect, then who speaks it. */
#define USHER_DIALECT "2.8.0-usher" USHER_VERSION
