#!/bin/sh
# Does each lint see what it is there to see? A small clean tree passes every lint; then one violation at a time is
# planted in a fresh copy, and the lint that owns it must fail and name the file. Output is TAP.
cd "$(dirname "$0")/../.." || exit 2
tools=$PWD/tools
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
tree=$work/tree
count=0
bad=0

clean() { # a fresh clean tree, and the current directory in it
    cd "$work" || exit 2
    rm -rf "$tree"
    mkdir -p "$tree/src/base" "$tree/src/store" "$tree/src/desk" "$tree/tools" "$tree/docs" "$tree/tests" \
        "$tree/catalog/regions/999900"
    cd "$tree" || exit 2
    printf '# layers\nbase  :\nstore : base\ndesk  : base store\nmain  : *\n' >src/LAYERS
    printf '#ifndef A\n#define A\nint a(void); /* 甲 */\n#endif\n' >src/base/a.h
    printf '#include "base/a.h"\n\n#include <stdio.h>\n\nint\na(void)\n{\n    return puts("丙丁戊");\n}\n' >src/base/a.c
    printf '#include "base/a.h"\nint b(void);\n' >src/store/b.h
    printf 'int hidden(void);\n' >src/store/b_int.h
    printf '#include "store/b.h"\n#include "store/b_int.h"\nint\nb(void)\n{\n    return puts("select 1 from t");\n}\n' >src/store/b.c
    printf '#include "base/a.h"\n#include "store/b.h"\n#include "desk_gen.h"\n/* time(NULL) and free(p) in a comment */\nint x = 1;\n' >src/desk/d.c
    printf '区划: "999900"\n名称: 甲乙市\n经办机构: 甲乙市医疗保障局\n' >catalog/regions/999900/region.yaml
    printf 'term\t中文\tidentifier\tsource\nfirst\t甲\ta\tx\n' >docs/GLOSSARY.tsv
    cp "$tools/lint-allow" tools/lint-allow
    printf '{ "lockfileVersion": 3 }\n' >package-lock.json
}

report() { # STATUS NAME
    count=$((count + 1))
    if [ "$1" = 0 ]; then
        echo "ok $count - $2"
    else
        echo "not ok $count - $2"
        sed 's/^/# /' "$work/out"
        bad=$((bad + 1))
    fi
}

passes() { # LINT NAME: the tree as it stands passes
    "$tools/lint-$1" "$tree" >"$work/out" 2>&1
    report $? "$1 passes: $2"
}

fails() { # LINT NAME TEXT: it fails, with TEXT in its words
    if "$tools/lint-$1" "$tree" >"$work/out" 2>&1; then
        echo "the lint passed" >>"$work/out"
        report 1 "$1 refuses: $2"
    else
        grep -qF -- "$3" "$work/out"
        report $? "$1 refuses: $2"
    fi
}

line() { # FILE TEXT: appends a line
    printf '%s\n' "$2" >>"$1"
}

for lint in layers house names glossary; do
    clean && passes $lint "the clean tree"
done

clean; line src/base/a.c '#include "store/b.h"';            fails layers "an arrow that points up" "src/base/a.c:"
clean; line src/desk/d.c '#include "store/b_int.h"';        fails layers "a private header from outside" "private to store/"
clean; line src/desk/d.c '#include "a.h"';                  fails layers "an include not written from src/" 'write the include from src/'
clean; line src/desk/d.c '#include "nowhere/a.h"';          fails layers "an include from no layer" "no such layer"
clean; mkdir src/store/in; line src/desk/d.c '#include "store/in/x.h"'; fails layers "a header inside another module" "shows only its own headers"
clean; printf '#include <stdio.h>\n#include "base/a.h"\n' >src/base/a.c; fails layers "the own header not first" 'must be "base/a.h"'
clean; printf '#include <stdio.h>\n' >src/base/a.c;         fails layers "the own header not at all" 'must be "base/a.h"'
clean; printf '#include "store/b_int.h"\nint b;\n' >src/store/b.c; passes layers "the own private header first"
clean; line src/desk/d.c '#include "support/support.h"';    fails layers "what is for tests outside of one" "for tests only"
clean; line src/desk/d_test.c '#include "support/support.h"'; line src/desk/d_test.c '#include "support/support_store.h"'; passes layers "what is for tests in one"
clean; line src/store/b_test.c '#include "support/support_desk.h"'; fails layers "a test's arrow that points up" "store may not include desk"
clean; mkdir src/extra; line src/extra/x.c 'int x;';        fails layers "a folder that is no layer" "not in src/LAYERS"
clean; line src/LAYERS 'early : late';                      fails layers "a row that names one below it" "does not stand above"

clean; line src/desk/d.c 'void *p = malloc(3);';            fails house "malloc" "src/desk/d.c:6: alloc"
clean; line src/desk/d.c 'void f(void *p) { free (p); }';   fails house "free with a blank" "src/desk/d.c:6: alloc"
clean; line src/desk/d.c 'void f(struct o *p) { p->free(p); arena_free(p); }'; passes house "a member called free"
clean; mkdir -p src/aux/helper; line src/aux/helper/h.c 'void *p = malloc(3); double d;'; passes house "memory and fractions in the helper"
clean; line src/desk/d_test.c 'void *p = malloc(3);';       passes house "memory in a unit test"
clean; line tools/lint-allow 'alloc src/desk/d.c free a callback'; line src/desk/d.c 'void f(void *p) { free(p); }'; passes house "an allowed exception"
clean; line tools/lint-allow 'alloc src/desk/d.c free a callback'; line src/desk/d.c 'void *p = malloc(3);'; fails house "another word than the allowed one" "malloc()"
for word in sprintf vsprintf strcpy strcat atoi strtok gets; do
    clean; line src/desk/d.c "int f(char *s) { return (int)$word(s, \"1\"); }"; fails house "$word" "$word()"
done
clean; line tests/t.c 'void f(char *s) { strcpy(s, "1"); }'; fails house "strcpy in tests/" "tests/t.c:1: unsafe"
clean; line src/desk/d.c 'int f(char *s) { return snprintf(s, 1, "1"); }'; passes house "snprintf"
clean; line src/desk/d.c 'long f(void) { return time(NULL); }'; fails house "time()" "src/desk/d.c:6: clock"
clean; line src/desk/d.c 'long f(void) { return run_time(0) + clock_gettime(CLOCK_MONOTONIC, 0); }'; passes house "the monotonic clock"
clean; line src/desk/d.c 'void f(void) { clock_gettime(CLOCK_REALTIME, 0); }'; fails house "the wall clock" "CLOCK_REALTIME"
clean; line src/base/ctx.c 'long f(void) { return time(NULL); }'; passes house "the one reader of the clock"
clean; line src/desk/d.c 'double d;';                       fails house "double" "src/desk/d.c:6: float"
clean; line src/desk/d.c 'int floats, no_double; /* double */'; passes house "words that contain float"
clean; line src/desk/d.c 'const char *s = "甲乙市";';        fails house "a region's name" "src/desk/d.c:6: region"
clean; line src/desk/d.c 'const char *s = "在甲乙办";';      fails house "a region's short name" "src/desk/d.c:6: region"
clean; line src/desk/d.sql "select * from t where region = '999900';"; fails house "a region's code in SQL" "src/desk/d.sql:1: region"
clean; line src/desk/d.c 'const char *s = "99990019900101001X";'; passes house "the same digits inside an identity number"
clean; line src/desk/d.c 'int 甲 = 1;';                      fails house "Chinese in code" "src/desk/d.c:6: cjk"
clean; line src/desk/d.c '/* 这一行注释整句都是中文写的所以不能留在源码里面 */'; fails house "a comment in Chinese" "src/desk/d.c:6: cjk"
clean; line src/desk/d.c '/* first'; line src/desk/d.c '   这一行注释整句都是中文写的所以不能留在源码里面 */'; fails house "the second line of such a comment" "src/desk/d.c:7: cjk"
clean; line src/desk/d.c '//# 这一行注释整句都是中文写的所以不能留在源码里面'; passes house "quoted law"
clean; line src/desk/d.c 'const char *s = "// \" 这一行不是注释是字符串里面的中文内容可以"; /* 甲 */'; passes house "Chinese in a string with a quote in it"
clean; line src/desk/d.c 'const char *s = "SELECT id FROM t";'; fails house "SQL in a string" "src/desk/d.c:6: sql"
clean; line src/desk/d.c 'const char *s = "delete from t where 1";'; fails house "lower-case SQL" "src/desk/d.c:6: sql"
clean; line src/desk/d.c 'const char *s = "select your region";'; fails house "English that looks like SQL" "sql"
clean; line tools/lint-allow 'sql src/desk/d.c * English'; line src/desk/d.c 'const char *s = "select your region";'; passes house "unless it is allowed"
clean; { echo 'int'; echo 'long_one(void)'; echo '{'; yes '    x();' | head -n 99; echo '}'; } >>src/desk/d.c; fails house "a function of 101 lines" "long_one() has 101 lines"
clean; { echo 'int'; echo 'long_one(void)'; echo '{'; yes '    x();' | head -n 98; echo '}'; } >>src/desk/d.c; passes house "a function of 100 lines"
clean; yes 'int x;' | head -n 796 >>src/desk/d.c;           fails house "a file of 801 lines" "801 lines"

clean; line docs/a.md "see /wo""rk/main/src";               fails names "a path of one machine" "docs/a.md:1:"
clean; line docs/a.md "the page /work/queue";               passes names "a page's path that begins alike"
clean; line docs/a.md "from https://regis""try.example.org/x"; fails names "a registry's host" "docs/a.md:1:"
clean; line src/desk/d.c "/* TO""DO later */";              fails names "a note of something undone" "src/desk/d.c:6:"
clean; line package-lock.json '  "resolved": "somewhere"';  fails names "a resolved address in the lock" "package-lock.json:2:"
clean; mkdir build-x; line build-x/a "TO""DO";              passes names "a build folder"

clean; line docs/GLOSSARY.tsv 'two	乙	b';                  fails glossary "a missing column" "GLOSSARY.tsv:3:"
clean; line docs/GLOSSARY.tsv 'first	甲	a	x';              fails glossary "a term twice" "stands on line 2"
clean; rm docs/GLOSSARY.tsv;                                fails glossary "no glossary" "missing"
clean; line docs/GLOSSARY.tsv 'two	乙	not_yet	x';           passes glossary "an identifier still to come"

echo "1..$count"
[ $bad = 0 ]
