/* SM3, HMAC-SM3, SM4-CTR with HMAC (no SM4-GCM in OpenSSL 3.0), random, constant time. Keys are 32 bytes:
** the first 16 for SM4, the last 16 for the MAC. Algorithms are fetched once per process (crypto_start). One key, one
** purpose: derive one for sealing and another for look-ups or chains (crypto_derive). */
#ifndef BASE_CRYPTO_H
#define BASE_CRYPTO_H

#include "base/ctx.h"

enum { CRYPTO_DIGEST_SIZE = 32, CRYPTO_KEY_SIZE = 32, CRYPTO_SEAL_OVERHEAD = 1 + 16 + 16 };

struct crypto_key {
    unsigned char b[CRYPTO_KEY_SIZE];
};
struct crypto_digest {
    unsigned char b[CRYPTO_DIGEST_SIZE];
};

enum err crypto_start(struct ctx *ctx) MUST_USE; /* once, in main; library-wide state */
void crypto_stop(void);                          /* after the other threads have ended */
void crypto_random(void *out, size_t n);         /* never fails: no entropy is an abort */
struct crypto_digest crypto_sm3(struct str data);
/* SM3 over several pieces, each prefixed by its 8-byte big-endian length, so that no two splits collide. */
struct crypto_digest crypto_sm3_pieces(const struct str *piece, size_t n);
struct crypto_digest crypto_hmac(const struct crypto_key *key, struct str data);
struct crypto_digest crypto_hmac_pieces(const struct crypto_key *key, const struct str *piece, size_t n);
bool crypto_equal(const void *a, const void *b, size_t n); /* constant time */
/* Seals PLAIN: version byte, 16-byte IV, SM4-CTR text, first 16 bytes of HMAC-SM3 over all before, AAD and
** both lengths. */
struct str crypto_seal(struct arena *a, const struct crypto_key *key, struct str aad, struct str plain);
/* Opens; ERR_INTEGRITY if changed or under another key. */
enum err crypto_open(struct ctx *ctx, const struct crypto_key *key, struct str aad, struct str sealed,
                     struct str *ret_plain) MUST_USE;
struct crypto_key crypto_derive(const struct crypto_key *master, const char *purpose); /* HMAC of the purpose */
struct str crypto_hex(struct arena *a, const void *p, size_t n);
bool crypto_unhex(struct str hex, void *out, size_t n); /* exactly n bytes */
/* Crockford base32 without I L O U, N characters of fresh randomness: access codes people may type. */
struct str crypto_code(struct arena *a, size_t n);
/* The same of BYTES, one character each, instead of fresh randomness. */
struct str crypto_code_of(struct arena *a, struct str bytes, size_t n);
struct str crypto_code_normalise(struct arena *a, struct str typed); /* upper, O→0, I/L→1, blanks and '-' out */
struct str crypto_token(struct arena *a);                            /* 128 random bits as 26 base32 characters */

#endif
