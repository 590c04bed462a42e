/* Inside the import only: the guide read into matters and fields (import.c, import_*.c), and proposals for their structure
** (propose.c, propose_*.c). */
#ifndef CATALOG_IMPORT_INT_H
#define CATALOG_IMPORT_INT_H

#include "catalog/import.h"
#include "catalog/yaml_write.h"

/* A piece of the guide's text: joined lines, and where it stands. */
struct passage {
    struct str text;  /* line wraps inside one sentence joined, blank lines dropped, own lines apart by '\n' */
    int from, to;     /* lines of the file, 1-based */
    struct buf *room; /* where TEXT may grow (passage_add); NULL: it has not grown yet */
};
enum guide_field {                       /* the catalogue's verbatim fields */
                   GUIDE_SERVICE_OBJECT, /* 服务对象 */
                   GUIDE_CHANNELS,       /* 办理渠道 */
                   GUIDE_LEVELS,         /* 办理层级 */
                   GUIDE_MATERIALS,      /* 办理材料 */
                   GUIDE_PROCESS,        /* 办理流程 */
                   GUIDE_LIMIT,          /* 办理时限 */
                   GUIDE_LEGAL_LIMIT,    /* 办理时限.法定原文 */
                   GUIDE_CONSULT,        /* 咨询方式 */
                   GUIDE_SUPERVISION,    /* 监督电话 */
                   GUIDE_RATING,         /* 评价渠道 */
                   GUIDE_DELIVERY,       /* 送达 */
                   GUIDE_FIELD_COUNT
};
struct guide_matter { /* empty texts: not printed */
    struct str id;
    struct passage number, name, title, title_name, code, group, unit, caption, status_basis;
    struct passage field[GUIDE_FIELD_COUNT];
    struct passage *basis; /* 设定依据, one a line */
    size_t basis_count;
    struct passage *note; /* 注意事项: text with its printed number */
    struct str *note_number;
    size_t note_count;
    struct passage *other; /* 其他原文 */
    struct str *other_title;
    size_t other_count;
    struct passage where; /* the whole */
};

/* Adds to MAP (a matter file's root) the structure that can be read from M's verbatim fields, each reading of prose marked with a 待核
** comment: 办理渠道.渠道, 办理层级.层级, 办理材料.方式/清单, 办理流程.环节/人数, 办理时限.档, 咨询方式.电话, 监督电话.号码, 评价渠道.方式, 送达.方式, 标准编码 by name (对应),
** 服务对象 stays prose. The field's map with its 原文 already stands in MAP; keys are appended to it. What is not understood is left out and
** told as a finding (severity info, id "propose-…"). */
enum err propose_structure(struct ctx *ctx, const struct catalog *shared, const struct guide_matter *m,
                           struct yaml_node *map, struct findings *f) MUST_USE;
/* Bounded by FINDINGS_MAX: the last place is kept for saying that there are more. */
void finding_add(struct arena *a, struct findings *f, const struct finding *x);
bool findings_full(const struct findings *f);
/* Adds matter ID to X, once. X's list must have been made by this function. */
void finding_matter(struct arena *a, struct finding *x, struct str id);

#endif
