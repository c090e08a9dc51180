/* Commands that show usher from inside: environment, workers, memory. Main only. */
#pragma once

struct call;

void inside_show_environment(struct call *call);
void inside_show_activity(struct call *call);
void inside_show_pools(struct call *call);
void inside_show_tasks(struct call *call);
void inside_show_resolvers(struct call *call);
