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

struct change; /* action.h */
/* The register event of a change; WHAT gets the action's name. */
enum err registry_change_event(struct ctx *ctx, const struct change *c, const char *subject_kind, int64_t subject_id,
                               const char *kind, struct view *what) MUST_USE;
/* Pauses or ends one enrolment with its event; TO counts only for what has no last day yet. */
enum err registry_close(struct ctx *ctx, const struct change *c, int64_t person_id, int64_t id, struct str old_status,
                        bool ended, struct day to) MUST_USE;

#endif
