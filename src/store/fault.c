/* Fault injection: an SQLite VFS over the default one whose writes fail with SQLITE_FULL on demand. */
#ifndef NO_FAULT_INJECTION
#include <assert.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "store/store_int.h"

struct fault {
    sqlite3_vfs vfs; /* a copy of the default one; its methods other than xOpen do not look at pAppData */
    sqlite3_vfs *real;
    _Atomic int countdown;
};

struct fault_file {
    sqlite3_file base; /* first: SQLite's view of it */
    sqlite3_io_methods methods;
    struct fault *fault;
    /* the real file follows */
};

static sqlite3_file *
real(sqlite3_file *f)
{
    return (sqlite3_file *)((struct fault_file *)f + 1);
}

static bool
strikes(struct fault *f)
{
    int v = atomic_load(&f->countdown);
    while (v != 0 && v != -1)
        if (atomic_compare_exchange_weak(&f->countdown, &v, v > 0 ? v - 1 : v + 1))
            return v == 1;
    return v == -1;
}

static int
x_write(sqlite3_file *f, const void *p, int n, sqlite3_int64 at)
{
    if (strikes(((struct fault_file *)f)->fault))
        return SQLITE_FULL;
    return real(f)->pMethods->xWrite(real(f), p, n, at);
}

static int
x_close(sqlite3_file *f)
{
    return real(f)->pMethods->xClose(real(f));
}
static int
x_read(sqlite3_file *f, void *p, int n, sqlite3_int64 at)
{
    return real(f)->pMethods->xRead(real(f), p, n, at);
}
static int
x_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    return real(f)->pMethods->xTruncate(real(f), n);
}
static int
x_sync(sqlite3_file *f, int flags)
{
    return real(f)->pMethods->xSync(real(f), flags);
}
static int
x_file_size(sqlite3_file *f, sqlite3_int64 *ret_n)
{
    return real(f)->pMethods->xFileSize(real(f), ret_n);
}
static int
x_lock(sqlite3_file *f, int how)
{
    return real(f)->pMethods->xLock(real(f), how);
}
static int
x_unlock(sqlite3_file *f, int how)
{
    return real(f)->pMethods->xUnlock(real(f), how);
}
static int
x_check_reserved(sqlite3_file *f, int *ret_out)
{
    return real(f)->pMethods->xCheckReservedLock(real(f), ret_out);
}
static int
x_control(sqlite3_file *f, int op, void *arg)
{
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}
static int
x_sector_size(sqlite3_file *f)
{
    return real(f)->pMethods->xSectorSize(real(f));
}
static int
x_characteristics(sqlite3_file *f)
{
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
}
static int
x_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret_p)
{
    return real(f)->pMethods->xShmMap(real(f), page, size, extend, ret_p);
}
static int
x_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}
static void
x_shm_barrier(sqlite3_file *f)
{
    real(f)->pMethods->xShmBarrier(real(f));
}
static int
x_shm_unmap(sqlite3_file *f, int del)
{
    return real(f)->pMethods->xShmUnmap(real(f), del);
}
static int
x_fetch(sqlite3_file *f, sqlite3_int64 at, int n, void **ret_p)
{
    return real(f)->pMethods->xFetch(real(f), at, n, ret_p);
}
static int
x_unfetch(sqlite3_file *f, sqlite3_int64 at, void *p)
{
    return real(f)->pMethods->xUnfetch(real(f), at, p);
}

static const sqlite3_io_methods methods = {
    3,           x_close,          x_read,    x_write,       x_truncate,        x_sync,    x_file_size, x_lock,
    x_unlock,    x_check_reserved, x_control, x_sector_size, x_characteristics, x_shm_map, x_shm_lock,  x_shm_barrier,
    x_shm_unmap, x_fetch,          x_unfetch,
};

static int
x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
    struct fault *fault = vfs->pAppData;
    struct fault_file *f = (struct fault_file *)file;
    f->base.pMethods = NULL;
    int rc = fault->real->xOpen(fault->real, name, real(file), flags, ret_flags);
    if (real(file)->pMethods) { /* SQLite closes what has methods, also after an error */
        f->methods = methods;
        f->methods.iVersion = real(file)->pMethods->iVersion;
        f->fault = fault;
        f->base.pMethods = &f->methods;
    }
    return rc;
}

struct fault *
fault_new(struct arena *a)
{
    struct fault *f = ARENA_NEW(a, struct fault);
    f->real = sqlite3_vfs_find(NULL);
    f->vfs = *f->real;
    f->vfs.pNext = NULL;
    f->vfs.zName = str_fmt(a, "jingban-fault-%p", (void *)f).p;
    f->vfs.szOsFile = (int)sizeof(struct fault_file) + f->real->szOsFile;
    f->vfs.xOpen = x_open;
    f->vfs.pAppData = f;
    int rc = sqlite3_vfs_register(&f->vfs, 0);
    assert(rc == SQLITE_OK);
    (void)rc;
    return f;
}

void
fault_free(struct fault *f)
{
    if (f)
        sqlite3_vfs_unregister(&f->vfs);
}

const char *
fault_vfs(const struct fault *f)
{
    return f->vfs.zName;
}

void
fault_set(struct fault *f, int countdown)
{
    atomic_store(&f->countdown, countdown);
}
#else
typedef int fault_not_built; /* ISO C wants something in a file */
#endif
