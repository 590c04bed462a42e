/* For the tests of http: a small application over every kind of route, and raw sockets to talk to it. */
#ifndef HTTP_HTTP_TESTING_H
#define HTTP_HTTP_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http/http_int.h"

struct app {
    struct http_server *server;
    struct http_cached *page, *tiny;
    char dir[64];
    pthread_mutex_t lock;
    pthread_cond_t open;
    bool closed; /* GET /gate waits while this is set */
    atomic_int waiting, handled;
};

extern struct app app;
extern const char app_page[];

/* Options for quick tests; limits may be changed before app_start. */
struct http_options app_options(void);
void app_start(const struct http_options *opt, const struct http_limits *limits);
void app_stop(void);
void app_gate(bool closed);

int dial(void);
int dial_port(int port); /* -1 when refused */
void put(int fd, const char *p, size_t n);
void putz(int fd, const char *z);
/* Reads one response with Content-Length (or without body when HEAD); text in ARENA, STR_NONE when the connection ends
 * first. */
struct reply {
    int status;
    struct str head, body;
};
struct reply get_reply(struct arena *a, int fd, bool head_only);
/* Dial, send, one reply, close. */
struct reply ask(struct arena *a, const char *request);
bool closes(int fd); /* whether the server ends the connection (within 5 s) */
struct str reply_header(struct reply r, const char *name);
int files_left(void); /* in the upload directory */

#endif
