#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <string.h>

#include "base/crypto.h"

static int
start(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    return crypto_start(&ctx) == OK ? 0 : -1;
}

static int
stop(void **state)
{
    (void)state;
    crypto_stop();
    return 0;
}

static void
assert_hex(struct arena *a, const void *p, size_t n, const char *want)
{
    assert_string_equal(crypto_hex(a, p, n).p, want);
}

static struct crypto_key
test_key(void)
{
    struct crypto_key k;
    for (size_t i = 0; i < sizeof k.b; i++)
        k.b[i] = (unsigned char)(i + 1);
    return k;
}

/* GB/T 32905-2016, annex A. */
static void
sm3_as_published(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct crypto_digest d = crypto_sm3(STR("abc"));
    assert_hex(a, d.b, sizeof d.b, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    d = crypto_sm3(STR("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd"));
    assert_hex(a, d.b, sizeof d.b, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
    d = crypto_sm3(STR_NONE);
    assert_hex(a, d.b, sizeof d.b, "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b");
}

static void
pieces_never_collide(void **state)
{
    (void)state;
    struct str one[] = {STR("ab"), STR("c")}, two[] = {STR("a"), STR("bc")}, three[] = {STR("ab"), STR("c"), STR_NONE};
    struct crypto_digest d1 = crypto_sm3_pieces(one, 2), d2 = crypto_sm3_pieces(two, 2),
                         d3 = crypto_sm3_pieces(three, 3);
    assert_memory_not_equal(d1.b, d2.b, sizeof d1.b);
    assert_memory_not_equal(d1.b, d3.b, sizeof d1.b);
    struct crypto_digest flat = crypto_sm3(STR("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c"));
    assert_memory_equal(d1.b, flat.b, sizeof flat.b);
    struct crypto_key k = test_key();
    d1 = crypto_hmac_pieces(&k, one, 2);
    flat = crypto_hmac(&k, STR("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c"));
    assert_memory_equal(d1.b, flat.b, sizeof flat.b);
}

/* HMAC by its definition (RFC 2104) over crypto_sm3, for a key of up to 64 bytes. */
static struct crypto_digest
plain_hmac(struct arena *a, const unsigned char *key, size_t n, struct str data)
{
    unsigned char inner[64] = {0}, outer[64 + 32] = {0};
    memcpy(inner, key, n);
    memcpy(outer, key, n);
    for (size_t i = 0; i < 64; i++) {
        inner[i] ^= 0x36;
        outer[i] ^= 0x5c;
    }
    struct crypto_digest d = crypto_sm3(str_concat(a, (struct str){(char *)inner, 64}, data));
    memcpy(outer + 64, d.b, sizeof d.b);
    return crypto_sm3((struct str){(char *)outer, sizeof outer});
}

/* GM/T 0042-2015, D.3, holds for the definition; then ours must agree with the definition. */
static void
hmac_as_published(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct crypto_key k = test_key();
    struct str text = STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
                          "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    struct crypto_digest d = plain_hmac(a, k.b, sizeof k.b, text);
    assert_hex(a, d.b, sizeof d.b, "ca05e144ed05d1857840d1f318a4a8669e559fc8391f414485bfdf7bb408963a");
    for (int round = 0; round < 6; round++) {
        k.b[31] = (unsigned char)(round / 2); /* each key twice: anew and kept */
        for (size_t n = 0; n <= text.n; n += 14) {
            struct str data = str_sub(text, 0, n);
            struct crypto_digest want = plain_hmac(a, k.b + 16, 16, data), have = crypto_hmac(&k, data);
            assert_memory_equal(have.b, want.b, sizeof want.b);
        }
    }
}

/* GB/T 32907-2016, annex A.1: one block; in CTR mode the key stream of a zero text is that block. */
static void
sm4_as_published(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    unsigned char key[16], out[16], zero[16] = {0};
    int n = 0;
    assert_true(crypto_unhex(STR("0123456789abcdeffedcba9876543210"), key, sizeof key));
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    EVP_CIPHER *sm4 = EVP_CIPHER_fetch(NULL, "SM4-CTR", NULL);
    assert_true(EVP_EncryptInit_ex2(c, sm4, key, key, NULL) && EVP_EncryptUpdate(c, out, &n, zero, sizeof zero));
    EVP_CIPHER_CTX_free(c);
    EVP_CIPHER_free(sm4);
    assert_hex(a, out, sizeof out, "681edf34d206965e86b3e94f536e4246");
    /* A sealed text opens by hand with nothing but the header's description. */
    struct crypto_key k = test_key();
    memcpy(k.b, key, sizeof key);
    struct str plain = STR("社会保险个人账户"), sealed = crypto_seal(a, &k, STR("aad"), plain);
    assert_int_equal(sealed.n, plain.n + CRYPTO_SEAL_OVERHEAD);
    struct str lengths = STR("\0\0\0\0\0\0\0\x29\0\0\0\0\0\0\0\3");
    assert_int_equal(1 + 16 + plain.n, 0x29);
    struct str covered = str_concat(a, str_concat(a, str_sub(sealed, 0, 0x29), STR("aad")), lengths);
    struct crypto_digest tag = plain_hmac(a, k.b + 16, 16, covered);
    assert_memory_equal(sealed.p + 0x29, tag.b, 16);
    assert_int_equal(sealed.p[0], 1);
    unsigned char text[64];
    c = EVP_CIPHER_CTX_new();
    assert_true(EVP_DecryptInit_ex2(c, EVP_sm4_ctr(), key, (const unsigned char *)sealed.p + 1, NULL));
    assert_true(EVP_DecryptUpdate(c, text, &n, (const unsigned char *)sealed.p + 17, (int)plain.n));
    EVP_CIPHER_CTX_free(c);
    assert_memory_equal(text, plain.p, plain.n);
}

static void
sealed_opens(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct crypto_key k = test_key();
    char big[5000];
    crypto_random(big, sizeof big);
    for (size_t n = 0; n <= sizeof big; n += n < 40 ? 1 : 620) {
        struct str plain = {big, n}, back, sealed = crypto_seal(a, &k, STR("类型"), plain);
        assert_int_equal(crypto_open(&ctx, &k, STR("类型"), sealed, &back), OK);
        assert_true(str_eq(plain, back));
    }
    struct str one = crypto_seal(a, &k, STR_NONE, STR("x")), two = crypto_seal(a, &k, STR_NONE, STR("x"));
    assert_false(str_eq(one, two));
}

static void
tampering_is_found(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct crypto_key k = test_key();
    struct str sealed = crypto_seal(a, &k, STR("aad"), STR("身份证号 210102199001011234")), back;
    char *p = arena_alloc(a, sealed.n + 1);
    for (size_t i = 0; i < sealed.n; i++)
        for (int bit = 0; bit < 8; bit++) {
            memcpy(p, sealed.p, sealed.n);
            p[i] = (char)(p[i] ^ 1 << bit);
            assert_int_equal(crypto_open(&ctx, &k, STR("aad"), (struct str){p, sealed.n}, &back), ERR_INTEGRITY);
        }
    for (size_t n = 0; n < sealed.n; n++)
        assert_int_equal(crypto_open(&ctx, &k, STR("aad"), str_sub(sealed, 0, n), &back), ERR_INTEGRITY);
    memcpy(p, sealed.p, sealed.n);
    assert_int_equal(crypto_open(&ctx, &k, STR("aad"), (struct str){p, sealed.n + 1}, &back), ERR_INTEGRITY);
    assert_int_equal(crypto_open(&ctx, &k, STR("aae"), sealed, &back), ERR_INTEGRITY);
    assert_int_equal(crypto_open(&ctx, &k, STR("aa"), sealed, &back), ERR_INTEGRITY);
    assert_int_equal(crypto_open(&ctx, &k, STR_NONE, sealed, &back), ERR_INTEGRITY);
    k.b[31] ^= 1;
    assert_int_equal(crypto_open(&ctx, &k, STR("aad"), sealed, &back), ERR_INTEGRITY);
    k.b[31] ^= 1;
    assert_int_equal(crypto_open(&ctx, &k, STR("aad"), sealed, &back), OK);
}

static void
derived_keys_differ(void **state)
{
    (void)state;
    struct crypto_key k = test_key(), one = crypto_derive(&k, "fields"), two = crypto_derive(&k, "chain");
    struct crypto_key again = crypto_derive(&k, "fields");
    assert_memory_equal(one.b, again.b, sizeof one.b);
    assert_memory_not_equal(one.b, two.b, sizeof one.b);
    struct crypto_digest plain = crypto_hmac(&k, STR("fields"));
    assert_memory_not_equal(one.b, plain.b, sizeof one.b);
}

static void
hexadecimal(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    unsigned char out[3] = {0};
    assert_true(crypto_unhex(STR("00aFfe"), out, 3));
    assert_hex(a, out, 3, "00affe");
    assert_hex(a, out, 0, "");
    assert_true(crypto_unhex(STR_NONE, out, 0));
    static const char *const bad[] = {"", "00aff", "00affg", "00affe0", "00affe00", "00 ffe", "00aff\xff"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(crypto_unhex(str_c(bad[i]), out, 3));
}

static void
codes_people_type(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    for (int i = 0; i < 200; i++) {
        struct str code = crypto_code(a, 12);
        assert_int_equal(code.n, 12);
        assert_int_equal(strspn(code.p, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 12);
        assert_true(str_eq(code, crypto_code_normalise(a, code)));
    }
    assert_string_equal(crypto_code_normalise(a, STR(" 7k-oO iI\tlL　ａＢ１９－z\n")).p, "7K001111AB19Z");
    assert_string_equal(crypto_code_normalise(a, STR_NONE).p, "");
    assert_string_equal(crypto_code_normalise(a, STR("张u")).p, "张U");
}

static void
tokens(void **state)
{
    (void)state;
    SCOPED_ARENA a = arena_new(0);
    unsigned seen[26] = {0};
    for (int i = 0; i < 2000; i++) {
        struct str t = crypto_token(a);
        assert_int_equal(strlen(t.p), 26);
        assert_int_equal(strspn(t.p, "0123456789ABCDEFGHJKMNPQRSTVWXYZ"), 26);
        for (size_t c = 0; c < 26; c++)
            seen[c] |= 1u << (strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", t.p[c]) - "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
    }
    for (size_t c = 0; c < 25; c++)
        assert_int_equal(seen[c], UINT32_MAX);
    assert_int_equal(__builtin_popcount(seen[25]), 8); /* 128 = 25 × 5 + 3 bits */
}

static void *
seal_much(void *arg)
{
    (void)arg;
    SCOPED_ARENA a = arena_new(0);
    struct ctx ctx = ctx_new(a, 0);
    struct crypto_key k = test_key();
    bool good = true;
    for (int i = 0; i < 500; i++) {
        struct str plain = str_fmt(a, "%d 号", i), back;
        k.b[20] = (unsigned char)i;
        struct str sealed = crypto_seal(a, &k, plain, plain);
        good = good && crypto_open(&ctx, &k, plain, sealed, &back) == OK && str_eq(plain, back);
    }
    return good ? arg : NULL;
}

static void
threads_have_their_own_contexts(void **state)
{
    (void)state;
    pthread_t thread[4];
    int yes = 1;
    for (int i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, seal_much, &yes), 0);
    for (int i = 0; i < 4; i++) {
        void *ret;
        pthread_join(thread[i], &ret);
        assert_ptr_equal(ret, &yes);
    }
}

static void
stops_and_starts_again(void **state)
{
    crypto_stop();
    assert_int_equal(start(state), 0);
    sm3_as_published(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sm3_as_published),
        cmocka_unit_test(pieces_never_collide),
        cmocka_unit_test(hmac_as_published),
        cmocka_unit_test(sm4_as_published),
        cmocka_unit_test(sealed_opens),
        cmocka_unit_test(tampering_is_found),
        cmocka_unit_test(derived_keys_differ),
        cmocka_unit_test(hexadecimal),
        cmocka_unit_test(codes_people_type),
        cmocka_unit_test(tokens),
        cmocka_unit_test(threads_have_their_own_contexts),
        cmocka_unit_test(stops_and_starts_again),
    };
    return cmocka_run_group_tests(tests, start, stop);
}
