/* A crew's idle workers form a stack: the one that slept last is the warmest, so a crew of 32 that needs three uses
 * three. */
#include <string.h>

#include "http/http_int.h"

struct http_worker {
    struct http_crew *crew;
    struct http_worker *below; /* in the idle stack */
    pthread_cond_t wake;
    struct http_conn *job; /* handed over by the one who woke it */
    pthread_t thread;
};

static void
crew_answer(struct http_conn *c, bool refuse)
{
    if (refuse)
        http_conn_refuse(c, 503);
    else
        http_conn_run(c);
    c->step = HTTP_STEP_DONE;
    MHD_resume_connection(c->mhd); /* from here on C belongs to the epoll thread again */
}

/* The next request for ME, waiting for one; NULL when the crew stops and nothing is left that is suspended. Under the
 * lock. */
static struct http_conn *
worker_next(struct http_crew *w, struct http_worker *me)
{
    struct http_conn *c = w->head;
    if (c) {
        w->head = c->next;
        if (!w->head)
            w->tail = NULL;
        w->queued--;
    } else if (!w->stop) {
        me->below = w->idle;
        w->idle = me;
        while (!me->job && !w->stop)
            pthread_cond_wait(&me->wake, &w->lock);
        c = me->job;
        me->job = NULL;
    }
    return c;
}

static void *
worker_main(void *arg)
{
    struct http_worker *me = arg;
    struct http_crew *w = me->crew;
    for (;;) {
        pthread_mutex_lock(&w->lock);
        struct http_conn *c = worker_next(w, me);
        bool stop = w->stop;
        pthread_mutex_unlock(&w->lock);
        if (!c)
            return NULL;
        crew_answer(c, stop);
    }
}

enum err
http_crew_start(struct ctx *ctx, struct http_crew *w, struct arena *a, size_t threads, size_t cap)
{
    *w = (struct http_crew){.cap = cap, .started = true, .worker = ARENA_ARRAY(a, threads, struct http_worker)};
    pthread_mutex_init(&w->lock, NULL);
    for (; w->worker_count < threads; w->worker_count++) {
        struct http_worker *one = &w->worker[w->worker_count];
        one->crew = w;
        pthread_cond_init(&one->wake, NULL);
        int e = pthread_create(&one->thread, NULL, worker_main, one);
        if (e) {
            pthread_cond_destroy(&one->wake);
            FAIL(ctx, ERR_MEMORY, "工作线程启动失败：%s", strerror(e));
        }
    }
    return OK;
}

bool
http_crew_push(struct http_crew *w, struct http_conn *c)
{
    pthread_mutex_lock(&w->lock);
    struct http_worker *one = w->idle;
    bool room = !w->stop && (one || w->queued < w->cap);
    if (room) {
        /* Before a worker can see it: a resume must never come before its suspend. */
        c->step = HTTP_STEP_RUN;
        MHD_suspend_connection(c->mhd);
        c->next = NULL;
        if (one) {
            w->idle = one->below;
            one->job = c;
            pthread_cond_signal(&one->wake);
        } else {
            if (w->tail)
                w->tail->next = c;
            else
                w->head = c;
            w->tail = c;
            w->queued++;
        }
    }
    pthread_mutex_unlock(&w->lock);
    return room;
}

void
http_crew_stop(struct http_crew *w)
{
    if (!w->started)
        return;
    pthread_mutex_lock(&w->lock);
    w->stop = true;
    for (size_t i = 0; i < w->worker_count; i++)
        pthread_cond_signal(&w->worker[i].wake);
    pthread_mutex_unlock(&w->lock);
    for (size_t i = 0; i < w->worker_count; i++) {
        pthread_join(w->worker[i].thread, NULL);
        pthread_cond_destroy(&w->worker[i].wake);
    }
    pthread_mutex_destroy(&w->lock);
    w->started = false;
}
