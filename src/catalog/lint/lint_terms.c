/* The dictionary of the field's terms (catalog/lint/terms.yaml): what the lint compares words with. */
#include "catalog/lint/lint_text_int.h"

enum { TERMS_MAX = 4000 };

static enum err
read_list(struct ctx *ctx, struct arena *a, struct yaml_node *root, const char *key, struct str **ret_s, size_t *ret_n)
{
    TRY(ctx, yaml_texts(ctx, a, root, key, ret_s, ret_n));
    if (*ret_n > TERMS_MAX)
        return yaml_fail(ctx, yaml_get(root, key), "“%s”超过 %d 个，请精简", key, TERMS_MAX);
    return OK;
}

enum err
lint_terms_read(struct ctx *ctx, struct arena *a, const struct catalog *c, const struct catalog_files *files,
                const struct lint_terms **ret_t)
{
    struct lint_terms *t = ARENA_NEW(a, struct lint_terms);
    const struct catalog_file *f = catalog_files_get(files, STR("lint/terms.yaml"));
    struct yaml_node *root, *slips;
    struct str *word;
    *ret_t = t;
    (void)c;
    if (!f)
        return OK;
    TRY(ctx, yaml_parse(ctx, a, f->path, f->bytes, &root));
    TRY(ctx, read_list(ctx, a, root, "词语", &word, &t->n));
    t->term = ARENA_ARRAY(a, t->n, struct term);
    for (size_t i = 0; i < t->n; i++)
        t->term[i] = (struct term){word[i], chars_plain(a, word[i])};
    TRY(ctx, read_list(ctx, a, root, "变体", &t->variant, &t->variant_count));
    TRY(ctx, read_list(ctx, a, root, "对举", &t->antonym, &t->antonym_count));
    TRY(ctx, read_list(ctx, a, root, "文号字头", &t->number_mark, &t->number_mark_count));
    TRY(ctx, read_list(ctx, a, root, "占位", &t->placeholder, &t->placeholder_count));
    TRY(ctx, read_list(ctx, a, root, "服务号码", &t->service, &t->service_count));
    TRY(ctx, read_list(ctx, a, root, "叠词", &t->doubled, &t->doubled_count));
    TRY(ctx, read_list(ctx, a, root, "兜底", &t->open, &t->open_count));
    TRY(ctx, read_list(ctx, a, root, "尾字", &word, &t->tail_count));
    t->tail = ARENA_ARRAY(a, t->tail_count, struct term);
    for (size_t i = 0; i < t->tail_count; i++)
        t->tail[i] = (struct term){word[i], chars_plain(a, word[i])};
    TRY(ctx, yaml_map(ctx, root, "易错", &slips));
    t->slip_count = slips ? slips->count : 0;
    t->slip = ARENA_ARRAY(a, t->slip_count, struct term);
    t->meant = ARENA_ARRAY(a, t->slip_count, struct str);
    size_t n = 0;
    for (struct yaml_node *x = slips ? slips->first : NULL; x; x = x->next, n++) {
        t->slip[n] = (struct term){x->key, chars_plain(a, x->key)};
        t->meant[n] = x->text;
    }
    return yaml_refuse_unseen(ctx, root);
}

bool
lint_term_known(const struct lint_terms *t, struct str s)
{
    for (size_t i = 0; i < t->n; i++)
        if (str_eq(t->term[i].text, s))
            return true;
    for (size_t i = 0; i < t->variant_count; i++)
        if (str_eq(t->variant[i], s))
            return true;
    return false;
}
