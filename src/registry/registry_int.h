#ifndef REGISTRY_REGISTRY_INT_H
#define REGISTRY_REGISTRY_INT_H

#include "base/view.h"
#include "registry/registry.h"

struct str registry_aad(struct arena *a, const char *table, struct str region, int64_t id);
/* Text under KEY of an opened body; empty when absent. */
struct str registry_text(const struct view *body, const char *key);
struct str registry_seal_view(struct ctx *ctx, const struct crypto_key *key, struct str aad, const struct view *v);
enum err registry_open_view(struct ctx *ctx, const struct crypto_key *key, struct str aad, struct str sealed,
                            struct view **ret_v) MUST_USE;

#endif
