#include "store/vault.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sql_gen.h"

/* What was written into FOLDER under a new name is durable after this. */
static bool
sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* The key is whole and durable before it has its name: nothing may be encrypted under a key that a crash can take away.
** Of two processes at once the first one's key stays. */
static enum err
write_master(struct ctx *ctx, const char *dir, const char *folder, const char *path)
{
    struct crypto_key fresh;
    crypto_random(fresh.b, sizeof fresh.b);
    const char *tmp = str_fmt(ctx->arena, "%s.%ld", path, (long)getpid()).p;
    int fd = open(tmp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        FAIL(ctx, ERR_IO, "密钥文件不能创建（%s）", strerror(errno));
    bool ok = write(fd, fresh.b, sizeof fresh.b) == sizeof fresh.b && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    ok = ok && (link(tmp, path) == 0 || errno == EEXIST);
    int why = errno;
    unlink(tmp);
    if (!ok)
        FAIL(ctx, ERR_IO, "密钥文件不能写入（%s）", strerror(why));
    if (!sync_folder(folder) || !sync_folder(dir))
        FAIL(ctx, ERR_IO, "密钥文件不能落盘（%s）", strerror(errno));
    return OK;
}

static enum err
read_master(struct ctx *ctx, const char *path, struct crypto_key *ret_key)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        FAIL(ctx, ERR_IO, "密钥文件打不开（%s）", strerror(errno));
    struct stat st;
    ssize_t n = -1;
    if (fstat(fd, &st) == 0)
        n = read(fd, ret_key->b, sizeof ret_key->b);
    close(fd);
    if (n != sizeof ret_key->b || st.st_size != sizeof ret_key->b)
        FAIL(ctx, ERR_CONFIG, "密钥文件不完整：%s", path);
    if (st.st_mode & 077)
        FAIL(ctx, ERR_CONFIG, "密钥文件权限过宽，请执行 chmod 600 %s", path);
    return OK;
}

enum err
vault_open(struct ctx *ctx, struct str dir, struct vault *ret_v)
{
    const char *data = str_z(ctx->arena, dir), *folder = str_fmt(ctx->arena, "%s/keys", data).p;
    const char *path = str_fmt(ctx->arena, "%s/master.key", folder).p;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        FAIL(ctx, ERR_IO, "密钥文件夹不能创建（%s）", strerror(errno));
    if (access(path, F_OK) != 0)
        TRY(ctx, write_master(ctx, data, folder, path));
    struct crypto_key root;
    TRY(ctx, read_master(ctx, path, &root));
    ret_v->master = crypto_derive(&root, "data-key-wrap");
    ret_v->lookup = crypto_derive(&root, "lookup-digest");
    ret_v->chain = crypto_derive(&root, "event-chain");
    ret_v->local = crypto_derive(&root, "local-seal");
    return OK;
}

struct data_key
vault_key_make(int64_t id)
{
    struct data_key k = {.id = id};
    crypto_random(k.key.b, sizeof k.key.b);
    return k;
}

static struct str
key_aad(struct arena *a, struct str region, int64_t id)
{
    return str_fmt(a, "data_key/%.*s/%lld", STR_ARG(region), (long long)id);
}

enum err
vault_key_store(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, const struct data_key *k)
{
    struct str plain = {(const char *)k->key.b, sizeof k->key.b};
    struct sql_data_key_insert_in in = {
        .region = region,
        .id = k->id,
        .wrapped = crypto_seal(ctx->arena, &v->master, key_aad(ctx->arena, region, k->id), plain),
        .created_ms = ctx->now_ms,
    };
    return sql_data_key_insert(ctx, tx, &in, NULL);
}

enum err
vault_key_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
              struct data_key *ret_k)
{
    struct sql_data_key_get_in in = {.region = region, .id = id};
    struct sql_data_key_get_row row;
    bool found;
    TRY(ctx, sql_data_key_get(ctx, tx, &in, &row, &found));
    if (!found || row.wrapped_null)
        FAIL(ctx, ERR_RECORD_MISSING, "资料已依法删除，无法打开");
    struct str plain;
    TRY(ctx, crypto_open(ctx, &v->master, key_aad(ctx->arena, region, id), row.wrapped, &plain));
    if (plain.n != sizeof ret_k->key.b)
        FAIL(ctx, ERR_INTEGRITY, "%s", "");
    ret_k->id = id;
    memcpy(ret_k->key.b, plain.p, plain.n);
    return OK;
}

struct str
vault_digest(struct arena *a, const struct vault *v, const char *purpose, struct str region, struct str value)
{
    struct str piece[3] = {str_c(purpose), region, value};
    struct crypto_digest d = crypto_hmac_pieces(&v->lookup, piece, 3);
    return str_dup(a, (struct str){(const char *)d.b, sizeof d.b});
}

struct str
vault_code(struct arena *a, const struct vault *v, const char *purpose, struct str region, struct str value, size_t n)
{
    return crypto_code_of(a, vault_digest(a, v, purpose, region, value), n);
}
