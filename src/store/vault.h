/* The vault: keys that never lie in the database, per-subject data keys wrapped by the master key, keyed digests for
** look-ups.
 ** Files of 0600 in the data folder, outside the backup. */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include "base/crypto.h"
#include "store/store.h"

struct vault {
    struct crypto_key master; /* wraps data keys */
    struct crypto_key lookup; /* keyed digests of identity numbers, names, access codes, tokens */
    struct crypto_key chain;  /* MACs of events and seals */
    struct crypto_key local;  /* drafts, upload names: text without a subject yet */
};

/* A subject's data key: the row's id and the opened key. */
struct data_key {
    int64_t id;
    struct crypto_key key;
};

/* Reads DIR/keys/master.key (0600), making it on first use; refuses wider permissions (ERR_CONFIG). */
enum err vault_open(struct ctx *ctx, struct str dir, struct vault *ret_v) MUST_USE;
/* A fresh data key with ID, not yet stored; vault_key_store writes its row. */
struct data_key vault_key_make(int64_t id);
enum err vault_key_store(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region,
                         const struct data_key *k) MUST_USE;
/* ERR_INTEGRITY if it does not open; ERR_RECORD_MISSING if destroyed. */
enum err vault_key_get(struct ctx *ctx, struct tx *tx, const struct vault *v, struct str region, int64_t id,
                       struct data_key *ret_k) MUST_USE;
/* Keyed digest of VALUE for PURPOSE ("id", "name", "access", "session", "draft", "document"). 32 bytes in the arena. */
struct str vault_digest(struct arena *a, const struct vault *v, const char *purpose, struct str region,
                        struct str value);
/* N (at most 32) characters of the alphabet of crypto_code that follow from VALUE for PURPOSE: whoever sends the same submission again
** gets the same code, although no code is stored. */
struct str vault_code(struct arena *a, const struct vault *v, const char *purpose, struct str region, struct str value,
                      size_t n);
enum { ACCESS_CODE_LENGTH = 10 };

#endif
