/* What the page loads beside itself. Each is in pieces, ended by NULL. */
#pragma once

extern const char *const page_parts_style[];
extern const char *const page_parts_script[];
extern const char *const page_parts_icon[];
