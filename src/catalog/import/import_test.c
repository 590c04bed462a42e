/* The import on small guides in the layouts it must know, on the sixth city's, and on what is no guide at all: what is read, what is told,
** and that no line is lost. */
#include <string.h>

#include "catalog/import.h"
#include "catalog/import/import_read_int.h"
#include "catalog/yaml_tree.h"
#include "support/support_catalog.h"

static struct catalog *shared;
static struct catalog_files shared_files; /* facts, standard, forms, calendar */

static struct imported
imported(struct str text)
{
    struct imported im;
    fail_clear(&ctx);
    if (catalog_import(&ctx, shared, STR("990100"), STR("guide.txt"), text, &im) != OK)
        fail_msg("%.*s", STR_ARG(ctx.fail->detail));
    return im;
}

static struct yaml_node *
file_at(const struct imported *im, const char *path)
{
    struct yaml_node *root;
    for (size_t i = 0; i < im->files.n; i++)
        if (str_eq(im->files.file[i].path, str_fmt(arena, "regions/990100/%s", path))) {
            if (yaml_parse(&ctx, arena, im->files.file[i].path, im->files.file[i].bytes, &root) != OK)
                fail_msg("%.*s", STR_ARG(ctx.fail->detail));
            return root;
        }
    fail_msg("no %s", path);
    return NULL;
}

/* The text under KEY (and INNER) of matter file PATH is WANTED; NULL: absent. */
static void
is(const struct imported *im, const char *path, const char *key, const char *inner, const char *wanted)
{
    struct yaml_node *n = yaml_get(file_at(im, path), key);
    if (n && inner)
        n = yaml_get(n, inner);
    struct str got = n && n->kind == YAML_SCALAR ? n->text : STR("");
    if (!str_eqz(got, wanted ? wanted : ""))
        fail_msg("%s %s: “%.*s”, not “%s”", path, key, STR_ARG(got), wanted ? wanted : "");
}

static const struct finding *
finding_at(const struct imported *im, const char *id, int line)
{
    for (size_t i = 0; i < im->findings.n; i++)
        if (strcmp(im->findings.finding[i].id, id) == 0 && (im->findings.finding[i].line == line || line < 0))
            return &im->findings.finding[i];
    return NULL;
}

static void
found(const struct imported *im, const char *id, int line)
{
    if (finding_at(im, id, line))
        return;
    for (size_t i = 0; i < im->findings.n; i++)
        print_message("%d %s %.*s\n", im->findings.finding[i].line, im->findings.finding[i].id,
                      STR_ARG(im->findings.finding[i].message));
    fail_msg("no finding %s at line %d", id, line);
}

/* Words only: what stands between blanks and punctuation. */
static bool
word_cp(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z') ||
           (cp >= 0x3400 && cp <= 0x9fff);
}

/* Captions have no place of their own in the files. */
static bool
only_caption(struct str s)
{
    static const char *const captions[] = {"事项名称", "申请材料", "申办材料", "承诺时限", "法定时限",
                                           "办理地点", "经办人数", "办理时限", "咨询电话", "联系电话",
                                           "备注",     "主项",     "子项",     "编码",     "环节"};
    for (size_t i = 0; i < sizeof captions / sizeof *captions; i++)
        if (str_eqz(s, captions[i]))
            return true;
    return s.n == 3 || s.n == 1; /* 一 or 1, of a number */
}

static void
word_kept(struct str word, struct str out, struct str line, int no)
{
    if (word.n && !only_caption(word) && str_find(out, word) == SIZE_MAX)
        fail_msg("line %d is lost: %.*s in %.*s", no, STR_ARG(word), STR_ARG(line));
}

/* Every line of TEXT stands in a file word by word, or a finding names it. */
static void
nothing_lost(struct str text, const struct imported *im)
{
    struct buf all;
    buf_init(&all, arena, text.n * 2);
    for (size_t i = 0; i < im->files.n; i++)
        buf_add(&all, im->files.file[i].bytes);
    struct str out = buf_str(&all), rest = text, line;
    for (int no = 1; str_split(&rest, '\n', &line); no++) {
        size_t from = 0;
        bool told = false;
        for (size_t i = 0; i < im->findings.n; i++)
            told = told || im->findings.finding[i].line == no;
        for (size_t i = 0, at = 0; i < line.n && !told;) {
            at = i;
            if (word_cp(str_utf8_next(line, &i)))
                continue;
            word_kept(str_sub(line, from, at - from), out, line, no);
            from = i;
        }
        if (!told)
            word_kept(str_sub(line, from, line.n - from), out, line, no);
    }
}

/* The files load beside the shared folders. */
static void
loads(const struct imported *im)
{
    struct catalog_files f = shared_files;
    struct catalog *c;
    for (size_t i = 0; i < im->files.n; i++)
        f = catalog_files_with(arena, &f, im->files.file[i].path, im->files.file[i].bytes);
    fail_clear(&ctx);
    if (catalog_load_files(&ctx, &f, &c) != OK)
        fail_msg("%.*s", STR_ARG(ctx.fail->detail));
    assert_int_equal(catalog_region_at(c, catalog_region_count(c) - 1)->matter_count, im->matters);
    catalog_free(c);
}

static void
whole(struct str text, const struct imported *im)
{
    nothing_lost(text, im);
    loads(im);
}

/* --- layouts --- */

/* 一、 numbered captions alone on their lines below 1、 headings; a heading and a figure caption torn over two lines. */
static void
numbered_captions(void **state)
{
    (void)state;
    struct str text =
        STR("甲市医疗保障办事指南\n\n1、登记\n\n一、事项名称\n\n登记\n\n二、服务对象\n\n各类单位。\n\n三、办理材料\n\n1"
            ".甲证;\n\n2.乙表。\n\n"
            "四、办理时限\n\n即时办结。\n\n五、咨询方式\n\n咨询电话:0999-6123456,窗口咨询。\n\n登记办理流程图\n\n"
            "2、特别长的一种基本医疗保险待遇\n\n认定\n\n一、事项名称\n\n特别长的一种基本医疗保险待遇认定\n\n二、服务对"
            "象\n\n参保人员。\n\n"
            "三、办理材料\n\n丙证。\n\n四、办理时限\n\n不超过5个工作日。\n\n五、咨询方式\n\n窗口咨询。\n\n特别长的一种"
            "基本医疗保险\n\n待遇认定办理流程图\n");
    struct imported im = imported(text);
    assert_int_equal(im.matters, 2);
    is(&im, "matters/01.yaml", "序号", NULL, "1、");
    is(&im, "matters/01.yaml", "名称", NULL, "登记");
    is(&im, "matters/01.yaml", "标题", NULL, NULL);
    is(&im, "matters/01.yaml", "图题", NULL, "登记办理流程图");
    is(&im, "matters/01.yaml", "出处", NULL, "行3-27");
    is(&im, "matters/01.yaml", "办理材料", "原文", "1.甲证;\n2.乙表。");
    is(&im, "matters/01.yaml", "咨询方式", "原文", "咨询电话:0999-6123456,窗口咨询。");
    is(&im, "matters/02.yaml", "名称", NULL, "特别长的一种基本医疗保险待遇认定");
    is(&im, "matters/02.yaml", "标题", NULL, NULL);
    is(&im, "matters/02.yaml", "图题", NULL, "特别长的一种基本医疗保险待遇认定办理流程图");
    is(&im, "region.yaml", "名称", NULL, "甲市");
    found(&im, "wrapped-heading", 29);
    whole(text, &im);
}

/* 服务对象：… inline, no 事项名称; groups above; notes numbered inside one line; CRLF and a byte order mark. */
static void
inline_captions(void **state)
{
    (void)state;
    struct str text = STR("\xef\xbb\xbf服务清单\r\n一、登记类\r\n（一）甲登记\r\n服务对象：甲\r\n办理材料：1.证；2."
                          "表\r\n办理时限：即时办结\r\n"
                          "注意事项：1.先到先办；2.共1.5万元；3.不得代办。\r\n联系电话：0999-"
                          "6123456\r\n（二）乙登记\r\n服务对象：乙\r\n办理渠道：\r\n1.线上：网；\r\n"
                          "2.线下: "
                          "厅。\r\n办理材料：证\r\n办理时限：即时办结\r\n联系电话：0999-"
                          "6123456\r\n二、查询类\r\n（三）丙查询\r\n服务对象：丙\r\n办理材料：证\r\n"
                          "办理时限：即时办结\r\n联系电话：0999-6123456\r\n");
    struct imported im = imported(text);
    assert_int_equal(im.matters, 3);
    is(&im, "matters/01.yaml", "组", NULL, "一、登记类");
    is(&im, "matters/01.yaml", "序号", NULL, "（一）");
    is(&im, "matters/01.yaml", "名称", NULL, "甲登记");
    is(&im, "matters/01.yaml", "咨询方式", "原文", "联系电话：0999-6123456");
    struct yaml_node *notes = yaml_get(file_at(&im, "matters/01.yaml"), "注意事项");
    assert_int_equal(notes->count, 3);
    assert_true(str_eqz(yaml_get(notes->first->next, "原文")->text, "共1.5万元；"));
    is(&im, "matters/02.yaml", "办理渠道", "原文", "1.线上：网；\n2.线下: 厅。");
    is(&im, "matters/03.yaml", "组", NULL, "二、查询类");
    is(&im, "region.yaml", "名称", NULL, "待补");
    assert_int_equal(finding_at(&im, "region-to-fill", 0)->severity, SEVERITY_ERROR);
    whole(text, &im);
}

/* Captions bare on their lines, values below: a table of two columns, flattened. */
static void
bare_captions(void **state)
{
    (void)state;
    struct str text = STR("甲市医疗保障局\n事项名称\n甲登记\n受理单位\n甲市医疗保障局\n服务对象\n参保人员\n申请材料\n身"
                          "份证\n户口本\n办理时限\n即时办结\n监督电话\n0999-6123400\n"
                          "事项名称\n乙登记\n受理单位\n甲市医疗保障局\n服务对象\n参保单位\n申请材料\n介绍信\n办理时限\n"
                          "5个工作日\n监督电话\n0999-6123400\n");
    struct imported im = imported(text);
    assert_int_equal(im.matters, 2);
    is(&im, "matters/01.yaml", "办理材料", "原文", "身份证\n户口本");
    is(&im, "matters/02.yaml", "名称", NULL, "乙登记");
    is(&im, "matters/02.yaml", "监督电话", "原文", "0999-6123400");
    is(&im, "region.yaml", "经办机构", NULL, "甲市医疗保障局");
    whole(text, &im);
}

/* A table of three columns pasted with tabulators. */
static void
tabulators(void **state)
{
    (void)state;
    struct str text = STR("甲市医保局服务指南\n1\t事项名称\t甲登记\n\t申请材料\t身份证\n\t办理时限\t即时办结\n\t收费标"
                          "准\t不收费\n\t联系电话\t0999-6123456\n"
                          "2\t事项名称\t乙登记\n\t申请材料\t户口本\n\t办理时限\t5个工作日\n\t收费标准\t不收费\n\t联系电"
                          "话\t0999-6123456\n");
    struct imported im = imported(text);
    assert_int_equal(im.matters, 2);
    is(&im, "matters/01.yaml", "序号", NULL, "1");
    is(&im, "matters/02.yaml", "名称", NULL, "乙登记");
    is(&im, "matters/02.yaml", "办理材料", "原文", "户口本");
    is(&im, "matters/02.yaml", "咨询方式", "原文", "0999-6123456");
    is(&im, "region.yaml", "经办机构", NULL, "甲市医保局");
    struct yaml_node *other = yaml_get(file_at(&im, "matters/01.yaml"), "其他原文")->first;
    assert_true(str_eqz(yaml_get(other, "标题")->text, "收费标准"));
    whole(text, &im);
}

/* （一）服务对象：… numbered and inline at once, below 一、 headings that are the names. */
static void
numbered_inline(void **state)
{
    (void)state;
    struct str text = STR("甲县医疗保障局指南\n\n一、甲登记\n\n（一）服务对象：居民。\n（二）办理材料：\n1.证；\n2."
                          "表。\n（三）办理时限：即时办结\n（四）办理地点：大厅3号窗口\n\n"
                          "二、乙报销\n\n（一）服务对象：职工。\n（二）办理材料：\n1.票；\n2."
                          "表。\n（四）办理时限：20个工作日\n（五）办理地点：大厅5号窗口\n");
    struct imported im = imported(text);
    assert_int_equal(im.matters, 2);
    is(&im, "matters/01.yaml", "序号", NULL, "一、");
    is(&im, "matters/01.yaml", "名称", NULL, "甲登记");
    is(&im, "matters/01.yaml", "办理材料", "原文", "1.证；\n2.表。");
    is(&im, "matters/02.yaml", "办理渠道", "原文", "办理地点：大厅5号窗口");
    found(&im, "number-break", 18); /* （二） then （四） */
    whole(text, &im);
}

/* One section for several matters; steps with their materials and delivery inside; promised and legal limits. */
static void
bundles_and_steps(void **state)
{
    (void)state;
    struct str text =
        STR("甲县医疗保障局清单\n\n  外地备案高频事项\n\n  "
            "办理流程图\n\n事项名称:1、退休备案(退休人员)\n\n2、长住备案(城乡居民)\n\n办理地点:中心3号窗口\n\n"
            "承诺时限:  即时办理\n\n法定时限: 1  个工作日\n\n经办人数:  2  "
            "人\n\n办理流程:\n\n第一步:申请人到3号窗口\n\n第二步:受理。\n\n所需材料:身份证。\n\n"
            "有需要的填写快递申请,办结后电话通知。\n\n第三步:办结。\n\n\n\n  "
            "查询高频事项办理流程图\n\n事项名称;查询\n\n办理地点:中心4号窗口\n\n承诺时限: 即时办理\n\n"
            "法定时限: 即时办理\n\n经办人数: 1 人\n\n办理流程:\n\n第一步:到窗口。\n");
    struct imported im = imported(text);
    assert_int_equal(im.matters, 3);
    is(&im, "matters/01.yaml", "标题", NULL, "外地备案高频事项办理流程图");
    is(&im, "matters/01.yaml", "标题名称", NULL, "1、退休备案(退休人员)");
    is(&im, "matters/02.yaml", "名称", NULL, "长住备案(城乡居民)");
    is(&im, "matters/02.yaml", "服务对象", "原文", "城乡居民");
    is(&im, "matters/02.yaml", "出处", NULL, "行3-5、行9-9、行11-29");
    is(&im, "matters/02.yaml", "办理渠道", "原文", "办理地点:中心3号窗口");
    is(&im, "matters/02.yaml", "办理时限", "法定原文", "1  个工作日");
    is(&im, "matters/02.yaml", "办理材料", "原文", "所需材料:身份证。");
    is(&im, "matters/02.yaml", "送达", "原文", "有需要的填写快递申请,办结后电话通知。");
    is(&im, "matters/02.yaml", "办理流程", "人数", "2");
    is(&im, "matters/03.yaml", "名称", NULL, "查询");
    found(&im, "caption-punctuation", 35);
    whole(text, &im);
}

/* A list that was a table, and a guide of the same matters: both wordings, the list's leading. */
static void
list_and_guide(void **state)
{
    (void)state;
    struct str text = STR("甲市医疗保障局通知\n附件1\n清单\n主项\n子项\n序号\n子项\n编码\n办理材料\n办理时限\n办理\n环"
                          "节\n备注\n设定依据\n"
                          "1\n单位参保登记\n002036001001\n1.营业执照\n2.《登记表》(加盖单位公\n章)"
                          "\n即时办结\n申请—受理—审核\n—办结\n1.可以共享\n2.含注销\n1.《社会保险法》\n"
                          "(主席令第35号)第五十七条\n2\n职工参保登记\n002036001002\n1."
                          "身份证\n即时办结\n申请—受理—办结\n附件2\n指南\n单位参保登记\n一、事项名称\n单位参保登记。\n"
                          "二、服务对象\n用人单位。\n三、申办材料\n(一)营业执照。\n四、办理流程\n(一)"
                          "申报。\n五、办理时限\n即时办结。\n职工参保登记\n一、事项名称\n职工参保登记。\n"
                          "二、服务对象\n职工。\n三、申办材料\n(一)身份证。\n四、办理流程\n(一)"
                          "申报。\n五、办理时限\n当日办结。\n附件3\n样表\n姓名\n");
    struct imported im = imported(text);
    assert_int_equal(im.matters, 2);
    is(&im, "matters/01.yaml", "序号", NULL, "1");
    is(&im, "matters/01.yaml", "名称", NULL, "单位参保登记");
    is(&im, "matters/01.yaml", "标准编码", NULL, "002036001001");
    is(&im, "matters/01.yaml", "编码来源", NULL, "印发");
    is(&im, "matters/01.yaml", "办理材料", "原文", "1.营业执照\n2.《登记表》(加盖单位公章)");
    is(&im, "matters/01.yaml", "服务对象", "原文", "用人单位。");
    is(&im, "matters/01.yaml", "办理流程", "原文", "(一)申报。");
    is(&im, "matters/01.yaml", "出处", NULL, "附件1 行15-27、附件2 行36-46");
    struct yaml_node *v = yaml_get(file_at(&im, "matters/01.yaml"), "异文")->first;
    assert_true(str_eqz(yaml_get(v, "字段")->text, "名称"));
    assert_true(str_eqz(yaml_get(v->next, "原文")->text, "(一)营业执照。"));
    assert_true(str_eqz(yaml_get(v->next, "取用")->text, "否"));
    v = v->next->next->next;
    assert_true(str_eqz(yaml_get(v, "原文")->text, "申请—受理—审核—办结"));
    assert_true(str_eqz(yaml_get(v, "取用")->text, "是"));
    struct yaml_node *basis = yaml_get(file_at(&im, "matters/01.yaml"), "设定依据");
    assert_true(str_eqz(basis->first->text, "1.《社会保险法》(主席令第35号)第五十七条"));
    assert_int_equal(yaml_get(file_at(&im, "matters/01.yaml"), "注意事项")->count, 2);
    found(&im, "merged-cell", 28); /* the second has no law of its own */
    whole(text, &im);
}

/* --- faults --- */

static void
sixth_city(void **state)
{
    (void)state;
    struct str text = support_file(arena, "tests/import/sixth.txt");
    struct imported im = imported(text);
    assert_int_equal(im.matters, 6);
    is(&im, "region.yaml", "名称", NULL, "云溪市");
    is(&im, "region.yaml", "经办机构", NULL, "云溪市医疗保障服务中心");
    is(&im, "region.yaml", "层级", NULL, "市级");
    is(&im, "matters/01.yaml", "序号", NULL, "第一项");
    is(&im, "matters/01.yaml", "咨询方式", "原文", "0999-6123456");
    is(&im, "matters/04.yaml", "服务对象", "原文", "在云溪市以外长期居住的参保人员，以及随子女在外地生活的退休人员。");
    is(&im, "matters/05.yaml", "办理时限", "原文", "不超过20个工作日。");
    is(&im, "matters/06.yaml", "办理材料", "原文", "1．医保电子凭证或者居民身份证；\n2．病历资料。");
    is(&im, "matters/06.yaml", "监督电话", "原文", NULL);
    found(&im, "phone-length", 39);      /* nine digits behind the area code */
    found(&im, "number-break", 46);      /* 1．3． */
    found(&im, "torn-line", 60);         /* 参保人｜员 */
    found(&im, "bracket", 78);           /* 《 and （ without their ends */
    found(&im, "number-break", 80);      /* the fifth is missing */
    found(&im, "torn-number", 93);       /* 2｜0 */
    found(&im, "part-missing", 99);      /* no 监督电话 */
    found(&im, "caption-misprint", 102); /* 办理材枓 */
    for (size_t i = 0; i < im.findings.n; i++) {
        const struct finding *x = &im.findings.finding[i];
        assert_true(str_eqz(x->region, "990100") && str_eqz(x->file, "guide.txt") && x->message.n && x->remedy.n);
        assert_true(str_utf8_count(x->evidence) <= EVIDENCE_MAX && str_utf8_valid(x->evidence));
    }
    assert_true(str_eqz(finding_at(&im, "phone-length", 39)->matter[0], "02"));
    whole(text, &im);
}

static void
refused(struct str code, struct str text, const char *words)
{
    struct imported im;
    fail_clear(&ctx);
    enum err e = catalog_import(&ctx, shared, code, STR("x.txt"), text, &im);
    if (e != ERR_CATALOG || str_find(ctx.fail->detail, str_c(words)) == SIZE_MAX)
        fail_msg("%s %.*s", err_info(e)->id, STR_ARG(ctx.fail->detail));
}

static void
no_guides(void **state)
{
    (void)state;
    struct str guide = support_file(arena, "tests/import/sixth.txt");
    struct buf big;
    refused(STR("99010"), guide, "6 位数字");
    refused(STR("99010x"), guide, "6 位数字");
    refused(STR("990100"), STR(""), "没有文字");
    refused(STR("990100"), STR(" \n\t\r\n　\n"), "没有文字");
    refused(STR("990100"), STR("通知\n今天放假。\n联系电话：0999-6123456\n备注：无\n"), "没有读出任何事项");
    refused(STR("990100"), STR("服务对象\xff"), "UTF-8");
    buf_init(&big, arena, (4 << 20) + 8);
    while (big.n <= 4 << 20)
        buf_addz(&big, "甲乙丙丁");
    refused(STR("990100"), buf_str(&big), "4 MiB");
    buf_init(&big, arena, 1 << 20);
    for (int i = 0; i < 600; i++)
        buf_fmt(&big, "事项名称：甲%d\n服务对象：乙\n办理时限：即时\n", i);
    refused(STR("990100"), buf_str(&big), "512");
    buf_init(&big, arena, 1 << 20);
    for (int i = 0; i < 200001; i++)
        buf_byte(&big, '\n');
    refused(STR("990100"), buf_str(&big), "行");
}

/* --- parts that are quick in a way that has to be right --- */

/* The likeness by the whole table, one cell at a time. */
static int
likeness_slowly(struct str x, struct str y)
{
    uint32_t p[120], q[120];
    int table[121][121] = {{0}};
    size_t n = 0, m = 0;
    for (size_t i = 0; i < x.n && n < 120;)
        p[n++] = str_utf8_next(x, &i);
    for (size_t i = 0; i < y.n && m < 120;)
        q[m++] = str_utf8_next(y, &i);
    for (size_t i = 1; i <= n; i++)
        for (size_t k = 1; k <= m; k++) {
            int longer = table[i - 1][k] > table[i][k - 1] ? table[i - 1][k] : table[i][k - 1];
            table[i][k] = p[i - 1] == q[k - 1] ? table[i - 1][k - 1] + 1 : longer;
        }
    return n + m ? (int)(200 * (size_t)table[n][m] / (n + m)) : 0;
}

static struct str
random_name(uint32_t *seed, uint32_t kinds)
{
    struct buf b;
    buf_init(&b, arena, 512);
    *seed = *seed * 1664525u + 1013904223u;
    for (uint32_t i = 0, n = (*seed >> 16) % 140; i < n; i++) {
        *seed = *seed * 1664525u + 1013904223u;
        buf_cp(&b, 0x4e00 + (*seed >> 16) % kinds * 256); /* all meet in one slot */
    }
    return buf_str(&b);
}

static void
likeness_is_that_of_the_whole_table(void **state)
{
    (void)state;
    uint32_t seed = 7;
    int unlike = 0;
    for (int round = 0; round < 2000; round++) {
        uint32_t kinds = round % 2 ? 3 : 60;
        struct str x = random_name(&seed, kinds), y = random_name(&seed, kinds);
        assert_int_equal(likeness(x, y), likeness_slowly(x, y));
        unlike += likeness(x, y) < 90;
    }
    assert_true(unlike > 100);
    assert_int_equal(likeness(STR(""), STR("")), 0);
}

static void
trimmed_takes_blanks_of_any_width_off_both_ends(void **state)
{
    (void)state;
    assert_true(str_eqz(trimmed(STR(" \t　\xc2\xa0甲 乙　 ")), "甲 乙"));
    assert_true(str_eqz(trimmed(STR("甲")), "甲"));
    assert_true(str_empty(trimmed(STR("　 　"))) && str_empty(trimmed(STR(""))));
}

/* Copies of a passage share its bytes until one of them grows. */
static void
passages_grow_apart(void **state)
{
    (void)state;
    struct guide g = {.ctx = &ctx, .a = arena};
    struct passage p = {.text = STR("甲"), .from = 1, .to = 1}, q, r = {.text = STR("")};
    passage_add(&g, &p, (struct passage){.text = STR("乙"), .from = 2, .to = 2});
    q = p;
    passage_add(&g, &p, (struct passage){.text = STR("丙"), .from = 3, .to = 3});
    passage_add(&g, &q, (struct passage){.text = STR("丁"), .from = 4, .to = 4});
    passage_add(&g, &p, (struct passage){.text = STR("戊"), .from = 5, .to = 5});
    passage_add(&g, &r, p);
    passage_add(&g, &r, (struct passage){.text = STR("己"), .from = 6, .to = 6});
    passage_add(&g, &p, (struct passage){.text = STR("庚"), .from = 7, .to = 7});
    assert_true(str_eqz(p.text, "甲\n乙\n丙\n戊\n庚"));
    assert_true(str_eqz(q.text, "甲\n乙\n丁"));
    assert_true(str_eqz(r.text, "甲\n乙\n丙\n戊\n己"));
    assert_int_equal(p.from, 1);
    assert_int_equal(p.to, 7);
}

static void
a_finding_has_each_matter_once(void **state)
{
    (void)state;
    struct finding x = {.id = "test"};
    for (int round = 0; round < 2; round++)
        for (int i = 0; i < 100; i++)
            finding_matter(arena, &x, str_fmt(arena, "%02d", i));
    assert_int_equal(x.matter_count, 100);
    for (int i = 0; i < 100; i++)
        assert_true(str_eq(x.matter[i], str_fmt(arena, "%02d", i)));
}

static int
set_up(void **state)
{
    (void)support_up(state);
    shared_files = support_catalog_shared(&ctx);
    must(catalog_load_files(&ctx, &shared_files, &shared));
    return 0;
}

static int
tear_down(void **state)
{
    catalog_free(shared);
    return support_down(state);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbered_captions),
        cmocka_unit_test(inline_captions),
        cmocka_unit_test(bare_captions),
        cmocka_unit_test(tabulators),
        cmocka_unit_test(numbered_inline),
        cmocka_unit_test(bundles_and_steps),
        cmocka_unit_test(list_and_guide),
        cmocka_unit_test(sixth_city),
        cmocka_unit_test(no_guides),
        cmocka_unit_test(likeness_is_that_of_the_whole_table),
        cmocka_unit_test(trimmed_takes_blanks_of_any_width_off_both_ends),
        cmocka_unit_test(passages_grow_apart),
        cmocka_unit_test(a_finding_has_each_matter_once),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
