/* The context every fallible call gets first: the arena of this request, its time, and what went wrong.
** TRY and FAIL are the only macros that contain a return. */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { FAIL_TRACE_MAX = 8, FAIL_FIELDS_MAX = 64 };

/* One field of the input that is wrong: which, why, and what to do. All Chinese but the id. */
struct fail_field {
    struct str field;  /* identifier in form and JSON */
    struct str label;  /* 中文 name as on the form */
    struct str reason; /* what is wrong */
    struct str remedy; /* what the person can do; may be empty */
};

struct fail {
    enum err e;
    struct str detail; /* one sentence for people; empty = the title alone */
    struct str rule;   /* e.g. "R63", or a line of the guide; may be empty */
    struct fail_field field[FAIL_FIELDS_MAX];
    size_t field_count;
    const char *file[FAIL_TRACE_MAX]; /* where it arose, then each TRY on the way up */
    int line[FAIL_TRACE_MAX];
    size_t depth;
};

struct ctx {
    struct arena *arena; /* lives as long as the request or command */
    int64_t now_ms;      /* UTC milliseconds; read once per request, the only time there is */
    uint64_t request_id;
    struct fail *fail; /* never NULL */
};

/* Context in ARENA at NOW_MS. Its fail record lies in the arena too: a context ends when its arena is reset. */
struct ctx ctx_new(struct arena *arena, int64_t now_ms);
/* Machine time in UTC ms: for main, http and jobs, which put it into a ctx. */
int64_t ctx_clock_ms(void);

/* Sets the failure, keeps fields added before; returns E so that callers may write return fail_set(...). */
enum err fail_set(struct ctx *ctx, enum err e, const char *file, int line, const char *fmt, ...) PRINTF_LIKE(5, 6);
void fail_trace(struct ctx *ctx, const char *file, int line);
void fail_rule(struct ctx *ctx, const char *rule);
/* Adds a field error; beyond FAIL_FIELDS_MAX it is dropped. Texts are copied into the arena. */
void fail_field(struct ctx *ctx, struct str field, struct str label, struct str reason, struct str remedy);
/* Forget: after a failure that the caller has handled. */
void fail_clear(struct ctx *ctx);

#define TRY(ctx, call)                                                                                                 \
    do {                                                                                                               \
        enum err try_e_ = (call);                                                                                      \
        if (try_e_ != OK) {                                                                                            \
            fail_trace((ctx), __FILE__, __LINE__);                                                                     \
            return try_e_;                                                                                             \
        }                                                                                                              \
    } while (0)
/* FAIL(ctx, ERR_X, "printf text", ...): detail in Chinese, "" for none. */
#define FAIL(ctx, e, ...) return fail_set((ctx), (e), __FILE__, __LINE__, __VA_ARGS__)
/* A deliberate discard of an error, with the reason. */
#define IGNORE(why, call)                                                                                              \
    do {                                                                                                               \
        (void)("" why);                                                                                                \
        enum err ignore_e_ = (call);                                                                                   \
        (void)ignore_e_;                                                                                               \
    } while (0)

#endif
