/* Answers of an usher, as the tests of surveys want them. */
#pragma once

#include "usherctl/survey.h"

#define SIGHTS_INFO                                                                      \
    "Name: HAProxy\nUptime_sec: 7384\nMaxconn: 4000\nCurrConns: 12\nSessRate: 3\n"       \
    "node: host\nUsher_version: 1.2\nUsher_generation: 4\n"

#define SIGHTS_NAMES                                                                     \
    "# pxname,svname,status,scur,slim,qcur,rate,stot,bin,bout,weight,lastchg,"           \
    "check_status,last_chk,addr,\n"

/* As usher writes them: a backend behind its servers. */
#define SIGHTS_STAT                                                                      \
    SIGHTS_NAMES                                                                         \
    "web,FRONTEND,OPEN,12,4000,,3,90,1000,5000,,,,,,\n"                                  \
    "app,a,UP,7,10,0,2,60,700,4000,1,60,L4OK,,127.0.0.1:1,\n"                            \
    "app,b,DOWN,0,,0,0,10,100,200,2,5,L4CON,Connection refused,127.0.0.1:2,\n"           \
    "app,c,DRAIN,5,,0,1,20,200,800,1,30,L4OK,,10.0.0.3:3,\n"                             \
    "app,BACKEND,UP,12,400,1,3,90,1000,5000,2,60,,,,\n"                                  \
    "db,m,UP 1/3,2,,0,0,3,1,2,1,600,L4OK,,10.0.0.9:9,\n"                                 \
    "db,BACKEND,UP,2,400,0,0,3,1,2,1,600,,,,\n"

enum { SIGHTS_ROWS = 7 };

static inline struct survey *sights_make(const char *stat, uint64_t at_ms)
{
    return survey_read(SIGHTS_INFO, stat, at_ms);
}
