/* catalog/search/: situations, phrases and the pinyin table. All of it is optional. */
#include <stdlib.h>

#include "catalog/search_int.h"

enum { PINYIN_MAX = 32768 };

/* The tree of search/NAME, NULL when there is no such file. */
static enum err
search_tree(struct loader *l, const char *name, struct yaml_node **ret_root)
{
    struct str path = str_fmt(l->arena, "search/%s", name);
    const struct catalog_file *f = catalog_files_get(l->files, path);
    *ret_root = NULL;
    return f ? yaml_parse(l->ctx, l->scratch, path, f->bytes, ret_root) : OK;
}

/* Which matters are applied for together, and by whom. */ //= R285
static enum err
load_joint(struct loader *l, struct yaml_node *n, struct situation *x)
{
    struct yaml_node *list;
    TRY(l->ctx, yaml_list(l->ctx, n, "联办", &list));
    struct joint_matter *j = ARENA_ARRAY(l->arena, list ? list->count : 0, struct joint_matter);
    x->joint = j;
    for (struct yaml_node *k = list ? list->first : NULL; k; k = k->next, j++, x->joint_count++) {
        TRY(l->ctx, load_need(l, k, "编码", &j->code));
        TRY(l->ctx, load_need(l, k, "申请人", &j->who));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, k));
    }
    return load_texts(l, n, "共用材料", &x->common, &x->common_count);
}

static enum err
load_situations(struct loader *l, struct search *s)
{
    struct yaml_node *root;
    TRY(l->ctx, search_tree(l, "situations.yaml", &root));
    if (!root)
        return OK;
    if (root->kind != YAML_LIST)
        return yaml_fail(l->ctx, root, "办事情境应为列表");
    struct situation *x = ARENA_ARRAY(l->arena, root->count, struct situation);
    s->situation = x;
    for (struct yaml_node *n = root->first; n; n = n->next, x++, s->situation_count++) {
        TRY(l->ctx, load_need(l, n, "标识", &x->id));
        TRY(l->ctx, load_need(l, n, "名称", &x->name));
        TRY(l->ctx, load_text(l, n, "说明", &x->text));
        TRY(l->ctx, load_texts(l, n, "编码", &x->code, &x->code_count));
        TRY(l->ctx, load_texts(l, n, "名称含", &x->word, &x->word_count));
        if (x->code_count + x->word_count == 0)
            return yaml_fail(l->ctx, n, "“编码”和“名称含”至少要写一个");
        TRY(l->ctx, load_joint(l, n, x));
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return OK;
}

static int
longer_first(const void *a, const void *b)
{
    size_t x = ((const struct str *)a)->n, y = ((const struct str *)b)->n;
    return x < y ? 1 : x > y ? -1 : str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static enum err
load_phrases(struct loader *l, struct search *s)
{
    struct yaml_node *root, *list;
    TRY(l->ctx, search_tree(l, "synonyms.yaml", &root));
    if (!root)
        return OK;
    TRY(l->ctx, load_texts(l, root, "忽略词", &s->noise, &s->noise_count));
    if (s->noise_count)
        qsort((void *)(uintptr_t)s->noise, s->noise_count, sizeof *s->noise, longer_first);
    TRY(l->ctx, yaml_list(l->ctx, root, "说法", &list));
    struct phrase_row *x = ARENA_ARRAY(l->arena, list ? list->count : 0, struct phrase_row);
    s->row = x;
    for (struct yaml_node *n = list ? list->first : NULL; n; n = n->next, x++, s->row_count++) {
        TRY(l->ctx, load_texts(l, n, "说法", &x->phrase, &x->phrase_count));
        TRY(l->ctx, load_texts(l, n, "编码", &x->code, &x->code_count));
        TRY(l->ctx, load_texts(l, n, "名称含", &x->word, &x->word_count));
        if (x->phrase_count == 0 || x->code_count + x->word_count == 0)
            return yaml_fail(l->ctx, n, "每行要有“说法”，并写明“编码”或“名称含”");
        TRY(l->ctx, yaml_refuse_unseen(l->ctx, n));
    }
    return yaml_refuse_unseen(l->ctx, root);
}

static int
by_code_point(const void *a, const void *b)
{
    uint32_t x = ((const struct pinyin *)a)->cp, y = ((const struct pinyin *)b)->cp;
    return x < y ? -1 : x > y;
}

/* "重<TAB>zhong chong" */
static bool
parse_pinyin(struct str line, struct pinyin *p)
{
    struct str head, syllable;
    size_t pos = 0;
    if (!str_split(&line, '\t', &head))
        return false;
    p->cp = str_utf8_next(head, &pos);
    if (p->cp == 0 || pos != head.n || !line.p)
        return false;
    while (str_split(&line, ' ', &syllable)) {
        if (syllable.n == 0 || syllable.n > 6 || p->count == SYLLABLES_MAX)
            return false;
        for (size_t i = 0; i < syllable.n; i++)
            if (syllable.p[i] < 'a' || syllable.p[i] > 'z')
                return false;
        p->syllable[p->count++] = syllable;
    }
    return p->count > 0;
}

static enum err
load_pinyin(struct loader *l, struct search *s)
{
    const struct catalog_file *f = catalog_files_get(l->files, STR("search/pinyin.tsv"));
    struct str text = f ? str_dup(l->arena, f->bytes) : STR_NONE, line;
    if (!str_utf8_valid(text))
        FAIL(l->ctx, ERR_CATALOG, "search/pinyin.tsv:1:1: 不是 UTF-8 文字");
    size_t lines = 0;
    for (size_t i = 0; i < text.n; i++)
        lines += text.p[i] == '\n';
    if (lines > PINYIN_MAX)
        FAIL(l->ctx, ERR_CATALOG, "search/pinyin.tsv:1:1: 超过 %d 行", PINYIN_MAX);
    struct pinyin *p = ARENA_ARRAY(l->arena, lines + 1, struct pinyin);
    s->pinyin = p;
    for (int number = 1; text.p && str_split(&text, '\n', &line); number++) {
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (!parse_pinyin(line, &p[s->pinyin_count]))
            FAIL(l->ctx, ERR_CATALOG, "search/pinyin.tsv:%d:1: 应为“字<TAB>拼音”，多个读音用空格隔开，最多 %d 个",
                 number, SYLLABLES_MAX);
        s->pinyin_count++;
    }
    if (s->pinyin_count)
        qsort(p, s->pinyin_count, sizeof *p, by_code_point);
    return OK;
}

enum err
load_search(struct loader *l)
{
    struct search *s = ARENA_NEW(l->arena, struct search);
    l->c->search = s;
    TRY(l->ctx, load_situations(l, s));
    TRY(l->ctx, load_phrases(l, s));
    return load_pinyin(l, s);
}
