/* The command line: options, wiring, one function per sub-command. */
#ifndef MAIN_MAIN_INT_H
#define MAIN_MAIN_INT_H

#include "catalog/files.h"
#include "service/service.h"

/* Options of a command: positional words in order, --name value pairs, --flags. */
struct args {
    int n;
    const char *word[16];
    int option_count;
    struct {
        const char *name, *value; /* value "" for flags */
    } option[24];
};
/* false: *ret_wrong is the option that is unknown or lacks a value. FLAGS: names that take no value. */
bool args_parse(int argc, char **argv, const char *const *known, const char *const *flags, struct args *ret_a,
                const char **ret_wrong);
const char *args_get(const struct args *a, const char *name,
                     const char *otherwise); /* option, then JINGBAN_NAME of the environment */
bool args_has(const struct args *a, const char *name);

/* Prints the failure in ctx for people; exit status. */
int fail_print(const struct ctx *ctx, enum err e);
/* Loads --catalog (default: beside the binary). */
enum err load_catalog(struct ctx *ctx, const struct args *a, struct catalog **ret_c) MUST_USE;
/* Folder NAME of the installation: option or environment, beside the binary's folder, /usr/share/jingban. */
struct str find_folder(struct ctx *ctx, const struct args *a, const char *option, const char *name);
/* Everything a command on a data folder needs: catalogue, vault, store (migrated when MIGRATE), layouts, aux. */
enum err server_open(struct ctx *ctx, const struct args *a, bool migrate, struct server **ret_s) MUST_USE;
void server_close(struct server *s);
void print_view(const struct view *v, struct arena *a);

/* Writes BYTES to PATH, over what is there. ERR_IO. */
enum err write_file(struct ctx *ctx, struct str path, struct str bytes) MUST_USE;
/* The files below the folder OUT, with the folders they need. ERR_IO. */
enum err write_catalog_files(struct ctx *ctx, const char *out, const struct catalog_files *f) MUST_USE;

/* catalog diff REGION --against standard|REGION (catalog_diff_cmd.c). */
enum err catalog_diff_run(struct ctx *ctx, const struct catalog *c, const struct args *a, int *ret_status) MUST_USE;

/* catalog lint [--json] [--region CODE] (catalog_lint_cmd.c); *ret_status is the program's. */
enum err catalog_lint_run(struct ctx *ctx, const struct catalog *c, const struct args *a, int *ret_status) MUST_USE;

/* Sub-commands: each parses its own options and returns the exit status. */
int cmd_serve(struct ctx *ctx, int argc, char **argv);
int cmd_catalog(struct ctx *ctx, int argc, char **argv);
int cmd_catalog_package(struct ctx *ctx, int argc, char **argv); /* catalog pack, unpack */
int cmd_catalog_import(struct ctx *ctx, int argc, char **argv);
int catalog_usage(const char *wrong); /* of all of them, and the option that is WRONG (NULL: none); exit status 2 */
int cmd_checklist(struct ctx *ctx, int argc, char **argv);
int cmd_workday(struct ctx *ctx, int argc, char **argv);
int cmd_staff(struct ctx *ctx, int argc, char **argv);
int cmd_audit(struct ctx *ctx, int argc, char **argv);
int cmd_rebuild(struct ctx *ctx, int argc, char **argv);
int cmd_db(struct ctx *ctx, int argc, char **argv);
int cmd_export(struct ctx *ctx, int argc, char **argv);
int cmd_import(struct ctx *ctx, int argc, char **argv); /* import list (import_cmd.c) */
int cmd_routes(struct ctx *ctx, int argc, char **argv);
int cmd_errors(struct ctx *ctx, int argc, char **argv);
int cmd_openapi(struct ctx *ctx, int argc, char **argv);

#endif
