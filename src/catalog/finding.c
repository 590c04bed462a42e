#include "catalog/finding.h"

const char *
severity_name(enum severity s)
{
    static const char *const names[] = {"info", "warn", "error"};
    return names[s];
}

const char *
severity_text(enum severity s)
{
    static const char *const texts[] = {"提示", "警告", "错误"};
    return texts[s];
}

void
findings_view(const struct findings *f, struct view *list)
{
    for (size_t i = 0; i < f->n; i++) {
        const struct finding *x = &f->finding[i];
        struct view *row = view_add_map(list);
        view_put_z(row, "id", x->id);
        view_put_z(row, "severity", severity_name(x->severity));
        view_put_text(row, "region", x->region);
        struct view *matters = view_put_list(row, "matters");
        for (size_t k = 0; k < x->matter_count; k++)
            view_add_text(matters, x->matter[k]);
        view_put_text(row, "field", x->field);
        view_put_text(row, "file", x->file);
        view_put_int(row, "line", x->line);
        view_put_text(row, "evidence", x->evidence);
        view_put_text(row, "message", x->message);
        view_put_text(row, "remedy", x->remedy);
        view_put_opt(row, "accepted", x->accepted);
    }
}

size_t
findings_open(const struct findings *f, enum severity at_least)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        n += f->finding[i].severity >= at_least && str_empty(f->finding[i].accepted);
    return n;
}
