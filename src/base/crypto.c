#include "base/crypto.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    VERSION = 1,
    IV_SIZE = 16,
    TAG_SIZE = 16,
    HEAD_SIZE = 1 + IV_SIZE,
    CIPHER_KEY_SIZE = 16,
    MAC_KEY_SIZE = 16,
    MAC_SLOTS = 4
};

/* Library-wide: fetching an algorithm by name takes longer than using it. Written by crypto_start and crypto_stop. */
static struct {
    EVP_MD *sm3;
    EVP_CIPHER *sm4_ctr;
    EVP_MAC *hmac;
    pthread_key_t contexts;
    bool started;
} lib;

/* Contexts are not shared between threads, and making one costs as much as a short digest: each thread keeps its own
** until it ends. */
static _Thread_local struct contexts {
    EVP_MD_CTX *md;
    EVP_CIPHER_CTX *cipher;
    struct keyed {
        EVP_MAC_CTX *mac; /* NULL: not used yet */
        unsigned char key[MAC_KEY_SIZE];
        unsigned used; /* by the clock below: the longest unused goes first */
    } keyed[MAC_SLOTS];
    unsigned clock;
} own;

/* Key sizes and algorithms are constants here: a refusal by the library means memory is gone or the library is broken,
** and going on without a digest or with a poor key is worse than ending. */
static void
must(bool ok)
{
    if (ok)
        return;
    fputs("jingban: crypto library failed\n", stderr);
    abort();
}

static void
contexts_free(void *p)
{
    struct contexts *c = p;
    EVP_MD_CTX_free(c->md);
    EVP_CIPHER_CTX_free(c->cipher);
    for (int i = 0; i < MAC_SLOTS; i++)
        EVP_MAC_CTX_free(c->keyed[i].mac);
    OPENSSL_cleanse(c, sizeof *c);
}

static struct contexts *
contexts(void)
{
    if (own.md)
        return &own;
    must(lib.started);
    own.md = EVP_MD_CTX_new();
    own.cipher = EVP_CIPHER_CTX_new();
    must(own.md && own.cipher);
    must(pthread_setspecific(lib.contexts, &own) == 0);
    return &own;
}

static struct crypto_digest
digest_end(EVP_MD_CTX *md)
{
    struct crypto_digest d;
    must(EVP_DigestFinal_ex(md, d.b, NULL));
    return d;
}

static EVP_MD_CTX *
digest_start(void)
{
    EVP_MD_CTX *md = contexts()->md;
    must(EVP_DigestInit_ex2(md, lib.sm3, NULL));
    return md;
}

struct crypto_digest
crypto_sm3(struct str data)
{
    EVP_MD_CTX *md = digest_start();
    must(EVP_DigestUpdate(md, data.p, data.n));
    return digest_end(md);
}

static void
length_bytes(size_t n, unsigned char out[8])
{
    uint64_t v = n;
    for (int i = 7; i >= 0; i--, v >>= 8)
        out[i] = (unsigned char)v;
}

struct crypto_digest
crypto_sm3_pieces(const struct str *piece, size_t n)
{
    EVP_MD_CTX *md = digest_start();
    for (size_t i = 0; i < n; i++) {
        unsigned char length[8];
        length_bytes(piece[i].n, length);
        must(EVP_DigestUpdate(md, length, sizeof length) && EVP_DigestUpdate(md, piece[i].p, piece[i].n));
    }
    return digest_end(md);
}

/* A request takes turns between look-up key, master key, chain key and the subject's own: the last few stay set up, for
** setting one up is half the cost of a short MAC. */
static EVP_MAC_CTX *
mac_start(const struct crypto_key *key)
{
    struct contexts *c = contexts();
    const unsigned char *k = key->b + CIPHER_KEY_SIZE;
    struct keyed *slot = &c->keyed[0];
    c->clock++;
    for (int i = 0; i < MAC_SLOTS; i++) {
        struct keyed *s = &c->keyed[i];
        if (s->mac && CRYPTO_memcmp(s->key, k, MAC_KEY_SIZE) == 0) {
            s->used = c->clock;
            must(EVP_MAC_init(s->mac, NULL, 0, NULL));
            return s->mac;
        }
        if (c->clock - s->used > c->clock - slot->used)
            slot = s;
    }
    OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SM3"}, 0), OSSL_PARAM_END};
    bool fresh = !slot->mac;
    if (fresh)
        slot->mac = EVP_MAC_CTX_new(lib.hmac);
    memcpy(slot->key, k, MAC_KEY_SIZE);
    slot->used = c->clock;
    must(slot->mac && EVP_MAC_init(slot->mac, k, MAC_KEY_SIZE, fresh ? params : NULL));
    return slot->mac;
}

static void
mac_add(EVP_MAC_CTX *mac, const void *p, size_t n)
{
    if (n)
        must(EVP_MAC_update(mac, p, n));
}

static struct crypto_digest
mac_end(EVP_MAC_CTX *mac)
{
    struct crypto_digest d;
    size_t n;
    must(EVP_MAC_final(mac, d.b, &n, sizeof d.b) && n == sizeof d.b);
    return d;
}

struct crypto_digest
crypto_hmac(const struct crypto_key *key, struct str data)
{
    EVP_MAC_CTX *mac = mac_start(key);
    mac_add(mac, data.p, data.n);
    return mac_end(mac);
}

struct crypto_digest
crypto_hmac_pieces(const struct crypto_key *key, const struct str *piece, size_t n)
{
    EVP_MAC_CTX *mac = mac_start(key);
    for (size_t i = 0; i < n; i++) {
        unsigned char length[8];
        length_bytes(piece[i].n, length);
        mac_add(mac, length, sizeof length);
        mac_add(mac, piece[i].p, piece[i].n);
    }
    return mac_end(mac);
}

bool
crypto_equal(const void *a, const void *b, size_t n)
{
    return CRYPTO_memcmp(a, b, n) == 0;
}

void
crypto_random(void *out, size_t n)
{
    for (unsigned char *p = out; n;) {
        size_t step = n < 4096 ? n : 4096;
        must(RAND_bytes(p, (int)step) == 1);
        p += step;
        n -= step;
    }
}

/* SM4-CTR: the same call both ways. */
static void
sm4_ctr(const struct crypto_key *key, const unsigned char *iv, const void *in, size_t n, void *out)
{
    EVP_CIPHER_CTX *c = contexts()->cipher;
    must(EVP_EncryptInit_ex2(c, lib.sm4_ctr, key->b, iv, NULL));
    const unsigned char *from = in;
    unsigned char *to = out;
    while (n) {
        int step = n < 1 << 20 ? (int)n : 1 << 20, done = 0;
        must(EVP_EncryptUpdate(c, to, &done, from, step) && done == step);
        from += step;
        to += step;
        n -= (size_t)step;
    }
}

/* HMAC over version, IV and text (HEAD_AND_TEXT), AAD, and both lengths last, so that bytes cannot move from one to the
** other. */
static struct crypto_digest
seal_mac(const struct crypto_key *key, struct str head_and_text, struct str aad)
{
    unsigned char lengths[16];
    length_bytes(head_and_text.n, lengths);
    length_bytes(aad.n, lengths + 8);
    EVP_MAC_CTX *mac = mac_start(key);
    mac_add(mac, head_and_text.p, head_and_text.n);
    mac_add(mac, aad.p, aad.n);
    mac_add(mac, lengths, sizeof lengths);
    return mac_end(mac);
}

struct str
crypto_seal(struct arena *a, const struct crypto_key *key, struct str aad, struct str plain)
{
    _Static_assert(CRYPTO_SEAL_OVERHEAD == HEAD_SIZE + TAG_SIZE, "the layout is a contract");
    size_t body = HEAD_SIZE + plain.n;
    unsigned char *out = arena_alloc(a, body + TAG_SIZE);
    out[0] = VERSION;
    crypto_random(out + 1, IV_SIZE);
    sm4_ctr(key, out + 1, plain.p, plain.n, out + HEAD_SIZE);
    struct crypto_digest tag = seal_mac(key, (struct str){(char *)out, body}, aad);
    memcpy(out + body, tag.b, TAG_SIZE);
    return (struct str){(char *)out, body + TAG_SIZE};
}

enum err
crypto_open(struct ctx *ctx, const struct crypto_key *key, struct str aad, struct str sealed, struct str *ret_plain)
{
    if (sealed.n < CRYPTO_SEAL_OVERHEAD || sealed.p[0] != VERSION)
        FAIL(ctx, ERR_INTEGRITY, "密文格式不对");
    const unsigned char *in = (const unsigned char *)sealed.p;
    size_t body = sealed.n - TAG_SIZE, n = body - HEAD_SIZE;
    struct crypto_digest tag = seal_mac(key, str_sub(sealed, 0, body), aad);
    if (!crypto_equal(tag.b, in + body, TAG_SIZE))
        FAIL(ctx, ERR_INTEGRITY, "密文被改动，或密钥不符");
    char *plain = arena_alloc(ctx->arena, n + 1);
    sm4_ctr(key, in + 1, in + HEAD_SIZE, n, plain);
    *ret_plain = (struct str){plain, n};
    return OK;
}

struct crypto_key
crypto_derive(const struct crypto_key *master, const char *purpose)
{
    struct str piece[] = {STR("jingban key"), str_c(purpose)};
    struct crypto_digest d = crypto_hmac_pieces(master, piece, 2);
    struct crypto_key key;
    _Static_assert(sizeof key == sizeof d, "one digest makes one key");
    memcpy(key.b, d.b, sizeof key.b);
    OPENSSL_cleanse(&d, sizeof d);
    return key;
}

struct str
crypto_hex(struct arena *a, const void *p, size_t n)
{
    static const char digit[] = "0123456789abcdef";
    const unsigned char *in = p;
    char *out = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digit[in[i] >> 4];
        out[2 * i + 1] = digit[in[i] & 15];
    }
    return (struct str){out, 2 * n};
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
crypto_unhex(struct str hex, void *out, size_t n)
{
    if (hex.n / 2 != n || hex.n % 2)
        return false;
    unsigned char *o = out;
    for (size_t i = 0; i < n; i++) {
        int high = hex_value(hex.p[2 * i]), low = hex_value(hex.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        o[i] = (unsigned char)(high << 4 | low);
    }
    return true;
}

static const char BASE32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct str
crypto_code_of(struct arena *a, struct str bytes, size_t n)
{
    char *out = arena_alloc(a, n + 1);
    for (size_t i = 0; i < n; i++)
        out[i] = BASE32[(unsigned char)bytes.p[i] & 31]; /* 32 divides 256: no digit is likelier */
    return (struct str){out, n};
}

struct str
crypto_code(struct arena *a, size_t n)
{
    char *random = arena_alloc(a, n + 1);
    crypto_random(random, n);
    return crypto_code_of(a, (struct str){random, n}, n);
}

struct str
crypto_code_normalise(struct arena *a, struct str typed)
{
    struct buf b;
    buf_init(&b, a, typed.n);
    for (size_t pos = 0; pos < typed.n;) {
        uint32_t c = str_utf8_next(typed, &pos);
        if (c > 0xff00 && c < 0xff5f)
            c -= 0xff00 - 0x20; /* full width, as Chinese input methods leave them */
        if (c == 0x3000 || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '-')
            continue;
        if (c >= 'a' && c <= 'z')
            c -= 'a' - 'A';
        buf_cp(&b, c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
    }
    return buf_str(&b);
}

struct str
crypto_token(struct arena *a)
{
    enum { RANDOM = 16, CHARS = 26 };
    unsigned char r[RANDOM + 1] = {0};
    crypto_random(r, RANDOM);
    char *out = arena_alloc(a, CHARS + 1);
    for (size_t i = 0; i < CHARS; i++) {
        size_t bit = i * 5;
        unsigned pair = (unsigned)r[bit / 8] << 8 | r[bit / 8 + 1];
        out[i] = BASE32[pair >> (11 - bit % 8) & 31];
    }
    return (struct str){out, CHARS};
}

enum err
crypto_start(struct ctx *ctx)
{
    static const struct crypto_digest abc = {{0x66, 0xc7, 0xf0, 0xf4, 0x62, 0xee, 0xed, 0xd9, 0xd1, 0xf2, 0xd4,
                                              0x6b, 0xdc, 0x10, 0xe4, 0xe2, 0x41, 0x67, 0xc4, 0x87, 0x5c, 0xf2,
                                              0xf7, 0xa2, 0x29, 0x7d, 0xa0, 0x2b, 0x8f, 0x4b, 0xa8, 0xe0}};
    assert(!lib.started);
    lib.sm3 = EVP_MD_fetch(NULL, "SM3", NULL);
    lib.sm4_ctr = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    lib.hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    if (!lib.sm3 || !lib.sm4_ctr || !lib.hmac)
        FAIL(ctx, ERR_CRYPTO, "OpenSSL 没有提供 SM3、SM4-CTR 或 HMAC");
    if (pthread_key_create(&lib.contexts, contexts_free) != 0)
        FAIL(ctx, ERR_CRYPTO, "%s", "");
    lib.started = true;
    struct crypto_digest d = crypto_sm3(STR("abc")); /* a provider that is not what its name says */
    if (!crypto_equal(d.b, abc.b, sizeof d.b))
        FAIL(ctx, ERR_CRYPTO, "SM3 自检不通过");
    return OK;
}

void
crypto_stop(void)
{
    contexts_free(&own);
    if (lib.started)
        pthread_key_delete(lib.contexts);
    EVP_MD_free(lib.sm3);
    EVP_CIPHER_free(lib.sm4_ctr);
    EVP_MAC_free(lib.hmac);
    memset(&lib, 0, sizeof lib);
}
