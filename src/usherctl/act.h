/* Commands that make usher do something, or say something as it is. */
#pragma once

#include "usherctl/verbs.h"

verb_run act_ready;
verb_run act_maint;
verb_run act_reload;
verb_run act_history;
verb_run act_why;
verb_run act_command;
