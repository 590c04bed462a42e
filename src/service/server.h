/* The one struct that is passed: what a running desk consists of. No mutable globals. */
#ifndef SERVICE_SERVER_H
#define SERVICE_SERVER_H

#include <pthread.h>
#include <stdatomic.h>

#include "aux/aux.h"
#include "base/actor.h"
#include "base/id.h"
#include "catalog/catalog.h"
#include "catalog/checklist.h"
#include "store/store.h"
#include "store/vault.h"

enum { NUMBER_REGIONS_MAX = 512 };

/* Reserved block of case numbers of one region and day: [next, end). */
struct number_block {
    char region[8];
    int32_t day;
    int64_t next, end;
};

struct layouts;
struct corrections;
struct keeper_shelf;
struct messages;

struct server {
    struct str data_dir;                     /* files/, keys/, tmp/ lie here */
    _Atomic(const struct catalog *) catalog; /* today's world; swapped whole (world.c) */
    pthread_mutex_t catalog_lock;            /* who swaps it */
    struct store *store;
    _Atomic(struct keeper_shelf *) keeper; /* what the lint said of packages (keeper_findings.c); NULL until asked */
    _Atomic(struct corrections *) corrections; /* answered reports of faults (corrections.c); NULL until read */
    struct vault vault;
    struct aux *aux;
    struct aux *net; /* what goes out over the network: printing never waits for it; NULL = nothing goes out */
    struct messages *messages; /* templates and channels (message.c); NULL = nobody is told anything */
    struct id_source ids;
    struct str public_url;   /* "https://…" printed in QR codes; empty = relative to the listener */
    bool demo;               /* 演示: marked on every page and print */
    struct layouts *layouts; /* pages/print, compiled */
    pthread_mutex_t number_lock;
    struct number_block number[NUMBER_REGIONS_MAX];
    _Atomic int64_t clock_shift; /* demo mode only: ms added to the machine's time */
};

/* The desk's time: the machine's plus the demo shift. */
int64_t server_now(const struct server *s);

#endif
