/* What is wrong in a catalogue or in a guide's text, as told to a keeper: by the lint and by the import. */
#ifndef CATALOG_FINDING_H
#define CATALOG_FINDING_H

#include "base/ctx.h"
#include "base/view.h"

enum severity { SEVERITY_INFO, SEVERITY_WARN, SEVERITY_ERROR };
enum { FINDINGS_MAX = 2000, EVIDENCE_MAX = 80 };

struct finding {
    const char *id; /* of the rule that found it: phone-length … */
    enum severity severity;
    struct str region;
    const struct str *matter; /* ids; none when it concerns the region */
    size_t matter_count;
    struct str field;    /* the guide's field: 监督电话; empty if none */
    struct str file;     /* path in the catalogue, or the guide's file */
    int line;            /* 1-based; 0 = the whole file */
    struct str evidence; /* verbatim, ≤ 80 characters */
    struct str message;  /* what is the matter, Chinese, plain words */
    struct str remedy;   /* what the keeper can do */
    struct str accepted; /* the keeper's reason to leave it as it is; empty = open */
};
struct findings {
    struct finding *finding;
    size_t n;
};

const char *severity_name(enum severity s); /* error warn info */
const char *severity_text(enum severity s); /* 错误 警告 提示 */
/* [{id, severity, region, matters, field, file, line, evidence, message, remedy}]; accepted only where it is. */
void findings_view(const struct findings *f, struct view *list);
/* Of that severity or above, accepted ones not counted. */
size_t findings_open(const struct findings *f, enum severity at_least);

#endif
