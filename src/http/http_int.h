/* Inside the HTTP adapter. One connection = one struct http_conn with one arena, recycled from request to request.
**
** A request's steps, and the function that takes each:
**   HEAD   request line seen (http_conn_line) → gate, route, body plan (conn_head)
**   BODY   http_body_feed on each piece, http_body_end after the last; a refused body is thrown away to its end
**   RUN    inline on the epoll thread, or suspended and on a crew (http_conn_run)
**   DONE   response queued, always in the second call of the library's handler or later
** The library's threads own a connection except in RUN, when the crew's thread does; the hand-over is the library's
** mutex
** (suspend, resume). */
#ifndef HTTP_HTTP_INT_H
#define HTTP_HTTP_INT_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include <openssl/evp.h>

#include "http/http.h"

enum {
    HTTP_SEGMENTS_MAX = 32,
    HTTP_FIELDS_MAX = 2000,
    HTTP_UPLOADS_MAX = 10,
    HTTP_PART_HEAD_MAX = 8 * 1024,
    HTTP_HEAD_MAX = 32 * 1024, /* the library's memory per connection: beyond it 431 or 414 */
};

/* Deadlines; tests shorten them. Milliseconds unless named otherwise. */
struct http_limits {
    unsigned idle_s;   /* nothing arrives or leaves: the library closes */
    int64_t line_ms;   /* between two requests, whatever drips */
    int64_t head_ms;   /* request line to end of headers */
    int64_t body_ms;   /* whole body */
    int64_t grace_ms;  /* of the body, before the minimum rate counts */
    int64_t body_rate; /* bytes a second */
    int64_t send_ms;   /* whole answer */
    int64_t stop_ms;   /* http_stop waits for requests in flight */
    int64_t tick_ms;   /* how often deadlines are looked at */
    int64_t drain_max; /* bytes of a refused body that are read */
};
extern const struct http_limits http_limits_default;

struct http_pair {
    struct str name, value;
};
struct http_pairs {
    struct http_pair *at;
    size_t n, cap;
};
/* Appends; memory from A. */
void http_pairs_add(struct http_pairs *p, struct arena *a, struct str name, struct str value);

/* --- routes (http_route.c) --- */
struct http_row { /* a compiled route */
    const struct http_route *route;
    struct str name[HTTP_SEGMENTS_MAX]; /* of the parameter at each segment; STR_NONE for literals */
    size_t depth;
    bool rest; /* the last segment is {*} */
};
struct http_node;
struct http_routes {
    struct http_node *root;
    struct http_row *row;
    size_t count;
};
enum err http_routes_compile(struct ctx *ctx, struct arena *a, const struct http_route *route, size_t count,
                             struct http_routes *ret_routes) MUST_USE;
/* NULL if none: *ret_allow holds the methods the path knows (0 = unknown path). */
const struct http_row *http_routes_match(const struct http_routes *r, const struct str *segment, size_t count,
                                         enum http_method method, unsigned *ret_allow);

/* --- bodies (http_body.c, http_multipart.c, http_upload.c) --- */
enum http_body_kind { HTTP_BODY_NONE, HTTP_BODY_FORM, HTTP_BODY_JSON, HTTP_BODY_MULTIPART };
struct http_multipart;
struct http_sink { /* the upload being written */
    int fd;        /* -1: not stored (too large, or none open) */
    EVP_MD_CTX *md;
    struct http_upload *upload; /* NULL: no upload is open */
};
struct http_body {
    enum http_body_kind kind;
    int64_t length; /* Content-Length; -1 unknown */
    int64_t seen;   /* bytes so far */
    int64_t total_max;
    int64_t drained; /* bytes thrown away after a refusal */
    struct buf raw;  /* form or JSON */
    struct http_multipart *mp;
    struct http_sink sink;
    size_t text_bytes, name_bytes; /* of multipart text values; of names and file names */
};

/* --- the response (http_response.c, http_cached.c) --- */
struct http_conn;
struct http_response {
    struct arena *arena;
    int status; /* 0 = 200 */
    struct http_pairs header;
    struct http_pairs cookie;
    struct str body;
    struct str file;            /* path */
    bool file_once;             /* removed once it is open */
    struct http_cached *cached; /* holds a use */
    struct MHD_Response *mhd;
    bool mhd_shared; /* belongs to the cache */
    int64_t bytes;
};

struct http_server;
struct http_request {
    struct http_conn *conn;
    struct arena *arena;
    const char *line_at; /* where the library keeps the URI: an address for the gate */
    struct str uri;      /* raw copy */
    struct str path;     /* decoded; empty until the gate has passed it */
    struct str segment[HTTP_SEGMENTS_MAX];
    size_t segment_count;
    struct http_pairs query, head, field;
    enum http_method method; /* 0 = one we do not serve */
    bool is_head;
    const struct http_row *row;
    unsigned allow;
    struct http_upload *upload; /* HTTP_UPLOADS_MAX, NULL until the first */
    size_t upload_count;
    struct str peer;
};

enum http_step { HTTP_STEP_LINE, HTTP_STEP_HEAD, HTTP_STEP_BODY, HTTP_STEP_RUN, HTTP_STEP_DONE, HTTP_STEP_SENT };
enum http_phase { HTTP_PHASE_LINE, HTTP_PHASE_HEAD, HTTP_PHASE_BODY, HTTP_PHASE_RUN, HTTP_PHASE_SEND };

struct http_lane { /* one epoll thread */
    struct http_server *server;
    struct MHD_Daemon *daemon;
    atomic_int open;
};

struct http_conn {
    struct http_conn *next; /* free list or a crew's queue */
    struct http_conn *prev_open, *next_open;
    struct http_server *server;
    struct http_lane *lane;
    struct MHD_Connection *mhd;
    int fd;
    /* read by the deadline thread */
    atomic_int phase;
    atomic_llong since_ms, body_seen;
    int64_t gone_mark; /* the deadline thread's own */
    struct arena *arena;
    enum http_step step;
    int refuse;   /* status the request is refused with once its body has ended; 0 = none */
    bool counted; /* in flight */
    int64_t start_us;
    struct http_request req;
    struct http_body body;
    struct http_response res;
};

/* --- a crew: bounded queue and threads (http_pool.c) --- */
struct http_worker;
struct http_crew {
    pthread_mutex_t lock;
    struct http_worker *idle; /* stack */
    struct http_conn *head, *tail;
    size_t queued, cap;
    bool stop, started;
    struct http_worker *worker;
    size_t worker_count;
};
enum err http_crew_start(struct ctx *ctx, struct http_crew *w, struct arena *a, size_t threads, size_t cap) MUST_USE;
/* Suspends C and queues it; false when full or stopping: C is untouched. */
bool http_crew_push(struct http_crew *w, struct http_conn *c);
/* Queued requests are refused with 503, running ones awaited, threads joined. Safe on a zeroed crew. */
void http_crew_stop(struct http_crew *w);

struct http_server {
    struct arena *arena;
    struct http_options opt;
    struct http_limits limits;
    struct http_routes routes;
    int listen_fd, wake_fd, port;
    size_t arena_cap;
    int64_t body_max; /* largest of the routes */
    bool layout;      /* the library is the one whose line layout head_contiguous knows */
    struct http_lane *lane;
    size_t lane_count;
    struct http_crew reader, writer;
    pthread_t acceptor, reaper;
    bool acceptor_runs, reaper_runs;
    bool reaper_stop; /* under the lock */
    atomic_bool stopping;
    atomic_int open, in_flight;
    atomic_ullong next_id;
    uint64_t file_prefix;
    atomic_ullong next_file;
    EVP_MD *sm3;
    pthread_mutex_t lock;         /* the two lists, the arena after start, and the condition */
    pthread_cond_t changed, tick; /* a connection or request ended; the reaper's clock */
    struct http_conn *free, *opened;
};
/* http_start with other deadlines: for tests. */
enum err http_start_limits(struct ctx *ctx, const struct http_options *opt, const struct http_limits *limits,
                           struct http_server **ret_s) MUST_USE;

/* --- connections (http_conn.c) --- */
void *http_conn_line(void *cls, const char *uri, struct MHD_Connection *mhd);
void http_conn_notify(void *cls, struct MHD_Connection *mhd, void **socket_context,
                      enum MHD_ConnectionNotificationCode code);
enum MHD_Result http_conn_call(void *cls, struct MHD_Connection *mhd, const char *url, const char *method,
                               const char *version, const char *data, size_t *size, void **con_cls);
void http_conn_done(void *cls, struct MHD_Connection *mhd, void **con_cls, enum MHD_RequestTerminationCode code);
void http_conn_run(struct http_conn *c);                /* handler and response; on any thread */
void http_conn_refuse(struct http_conn *c, int status); /* the response is the refusal STATUS */
void http_conn_phase(struct http_conn *c, enum http_phase phase);
int64_t http_clock_us(void); /* monotonic */
/* Closes what is over its deadline; under the server's lock. */
void http_conn_reap(struct http_server *s);

/* --- gate (http_gate.c): 0, or the status to refuse and close with --- */
int http_gate_head(struct http_request *r, const char *method, const char *version);
int http_gate_uri(struct http_request *r);
enum { HTTP_DECODE_PLUS = 1, HTTP_DECODE_STRICT = 2 }; /* '+' is a blank; no control bytes */
/* Percent-decodes S into OUT (at least s.n bytes); false on a bad escape, NUL or invalid UTF-8. */
bool http_decode(struct str s, unsigned flags, char *out, size_t *ret_n);
/* a=1&b=2 into P; values decoded into the arena. false on anything undecodable; *ret_many when beyond HTTP_FIELDS_MAX.
 */
bool http_decode_form(struct str s, struct arena *a, struct http_pairs *p, bool *ret_many);

struct str http_head_raw(const struct http_request *r, const char *name);
struct str http_media_type(struct str content_type); /* before ';', trimmed */
bool http_eq_nocase(struct str a, const char *b);
/* Thousandths of the quality of TOKEN in a list such as Accept; -1 if absent. */
int http_quality(struct str list, const char *token);

/* Body functions give 0 or the status to refuse with. */
int http_body_begin(struct http_conn *c);
int http_body_feed(struct http_conn *c, const char *data, size_t n);
int http_body_end(struct http_conn *c);
void http_body_abandon(struct http_conn *c); /* closes what is open, unlinks uploads; any number of times */

struct http_multipart *http_multipart_new(struct http_conn *c, struct str boundary);
int http_multipart_feed(struct http_multipart *m, const char *data, size_t n);
int http_multipart_end(struct http_multipart *m);
bool http_multipart_boundary(struct str content_type, struct str *ret_boundary);

int http_sink_open(struct http_conn *c, struct str field, struct str filename);
int http_sink_write(struct http_conn *c, const char *data, size_t n);
int http_sink_close(struct http_conn *c);
void http_sink_abandon(struct http_conn *c);

/* Makes w->mhd from what was set. */
void http_response_build(struct http_conn *c);
void http_response_drop(struct http_response *w); /* gives up what it holds */
bool http_response_has(const struct http_response *w, const char *name);
/* Adds the default headers that W (may be NULL) has not set. */
void http_response_defaults(struct MHD_Response *m, const struct http_response *w);
void http_response_add(struct MHD_Response *m, const char *name, struct str value);
/* The persistent response for this request; sets status and bytes. NULL: gzip or plain by *ret_body, to be made for
 * this request. */
struct MHD_Response *http_cached_pick(struct http_cached *c, const struct http_request *r, struct http_response *w);
/* A response of its own over the cached bytes, with W's headers. */
struct MHD_Response *http_cached_own(struct http_cached *c, const struct http_request *r, struct http_response *w);
void http_cached_use(struct http_cached *c);
void http_cached_unuse(struct http_cached *c);
_Noreturn void http_no_memory(void); /* the library could not allocate */

#endif
