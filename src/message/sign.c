/* Signatures of what is pushed to other systems. Keys are the operator's and of any length, unlike the house's own (base/crypto.h). */
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "message/compose.h"

enum { SM2_BITS = 256 };

struct str
compose_base64(struct arena *a, struct str s)
{
    char *out = arena_alloc(a, (s.n + 2) / 3 * 4 + 1);
    int n = EVP_EncodeBlock((unsigned char *)out, (const unsigned char *)s.p, (int)s.n);
    return (struct str){out, (size_t)n};
}

struct str
compose_hmac_sm3(struct arena *a, struct str key, struct str data)
{
    unsigned char mac[CRYPTO_DIGEST_SIZE];
    size_t n = 0;
    OSSL_PARAM digest[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char[]){"SM3"}, 0),
                           OSSL_PARAM_construct_end()};
    bool ok = EVP_Q_mac(NULL, "HMAC", NULL, "SM3", digest, key.p, key.n, (const unsigned char *)data.p, data.n, mac,
                        sizeof mac, &n) != NULL;
    return ok && n == sizeof mac ? crypto_hex(a, mac, n) : STR("");
}

static EVP_PKEY *
sm2_key(struct str pem)
{
    BIO *bio = BIO_new_mem_buf(pem.p, (int)pem.n);
    EVP_PKEY *key =
        bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, (char[]){""}) : NULL; /* no prompt for a pass phrase */
    BIO_free(bio);
    if (key && EVP_PKEY_is_a(key, "SM2") && EVP_PKEY_get_bits(key) == SM2_BITS)
        return key;
    EVP_PKEY_free(key);
    return NULL;
}

bool
compose_sm2_ok(struct str pem)
{
    EVP_PKEY *key = sm2_key(pem);
    EVP_PKEY_free(key);
    return key != NULL;
}

static bool
sign(EVP_PKEY *key, struct str data, unsigned char *out, size_t *n)
{
    static const char id[] = "1234567812345678"; /* GB/T 35276: the default identifier of a signer */
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pkey = EVP_PKEY_CTX_new(key, NULL);
    bool ok = md && pkey && EVP_PKEY_CTX_set1_id(pkey, id, (int)sizeof id - 1) > 0;
    if (ok) {
        EVP_MD_CTX_set_pkey_ctx(md, pkey);
        ok = EVP_DigestSignInit_ex(md, NULL, "SM3", NULL, NULL, key, NULL) > 0 &&
             EVP_DigestSign(md, out, n, (const unsigned char *)data.p, data.n) > 0;
    }
    EVP_MD_CTX_free(md);
    EVP_PKEY_CTX_free(pkey);
    return ok;
}

enum err
compose_sm2(struct ctx *ctx, struct str pem, struct str data, struct str *ret_base64)
{
    unsigned char out[128];
    size_t n = sizeof out;
    EVP_PKEY *key = sm2_key(pem);
    bool ok = key && sign(key, data, out, &n);
    EVP_PKEY_free(key);
    if (!ok)
        FAIL(ctx, ERR_CRYPTO, "推送不能用 SM2 私钥签名");
    *ret_base64 = compose_base64(ctx->arena, (struct str){(const char *)out, n});
    return OK;
}
