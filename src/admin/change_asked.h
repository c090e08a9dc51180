/* `set server` where its check and its agent ask, and what. Main only. */
#pragma once

struct call;
struct server;

void change_asked_check_address(struct call *call, struct server *server,
                                const char *value);
void change_asked_check_port(struct call *call, struct server *server, const char *value);
void change_asked_agent_address(struct call *call, struct server *server,
                                const char *value);
void change_asked_agent_port(struct call *call, struct server *server, const char *value);
void change_asked_agent_text(struct call *call, struct server *server, const char *value);
