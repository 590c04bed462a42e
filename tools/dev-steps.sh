# Part of ./dev: the steps of `test` and `check`. A step runs in the background with its own process group and a log;
# whatever ends this script, the group is ended by its number. A step whose parts are not in the tree is skipped with
# a word and counted nowhere.

passed=0
failed=0
failed_steps=""
logs=""       # folder of the logs, set by steps_begin
child=""      # process group of the running step
cluster=""    # folder of the throw-away PostgreSQL
step_limit=${DEV_STEP_SECONDS:-1200}

steps_begin() { # DIR for the logs
    logs=$1
    rm -rf "$logs"
    mkdir -p "$logs"
    trap steps_end EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

steps_end() {
    stop_child
    if [ -n "$cluster" ]; then
        tools/pg-test-cluster stop "$cluster" >/dev/null 2>&1
        rm -rf "$cluster"
        cluster=""
    fi
}

stop_child() {
    [ -n "$child" ] || return 0
    kill -TERM -- "-$child" 2>/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        kill -0 -- "-$child" 2>/dev/null || break
        sleep 0.2
    done
    kill -KILL -- "-$child" 2>/dev/null
    child=""
}

# in_group LOG COMMAND…: runs COMMAND in its own process group, at most step_limit seconds; its exit status.
in_group() {
    local log=$1 until=$((SECONDS + step_limit)) status
    shift
    set -m
    "$@" >"$log" 2>&1 </dev/null &
    child=$!
    set +m
    while kill -0 "$child" 2>/dev/null; do
        if [ $SECONDS -ge $until ]; then
            echo "dev: stopped after $step_limit seconds" >>"$log"
            stop_child
            return 124
        fi
        sleep 0.1
    done
    wait "$child"
    status=$?
    stop_child # what a step left running ends with it
    return $status
}

# step NAME COUNT COMMAND…: COUNT is a function that reads the log and prints "PASSED FAILED"; `one` counts the step itself.
step() {
    local name=$1 count=$2 log t0=$SECONDS status counts p f
    shift 2
    log=$logs/$(printf %s "$name" | tr -cs "A-Za-z0-9\n" -).log
    in_group "$log" "$@"
    status=$?
    counts=$($count "$log" $status)
    p=${counts% *}
    f=${counts#* }
    # A tool that failed without naming a test has failed all the same; so has one that counted nothing.
    if [ $status != 0 ] && [ "$f" = 0 ]; then f=1; fi
    if [ "$p" = 0 ] && [ "$f" = 0 ]; then p=1; fi
    passed=$((passed + p))
    failed=$((failed + f))
    if [ "$f" = 0 ]; then
        printf '%-28s ok      %5d passed %24s %4d s\n' "$name" "$p" "" $((SECONDS - t0))
        return 0
    fi
    printf '%-28s FAILED  %5d passed, %5d failed %9s %4d s\n' "$name" "$p" "$f" "" $((SECONDS - t0))
    failed_steps="$failed_steps
  $name: $log"
    tail -n "${DEV_TAIL:-40}" "$log" | sed 's/^/    | /'
    return 1
}

skip() { # NAME WHY
    printf '%-28s skipped: %s\n' "$1" "$2"
}

one() { # a step without tests inside: itself
    if [ "$2" = 0 ]; then echo "1 0"; else echo "0 1"; fi
}

# Meson's JSON log has a line a test; a cmocka program tells inside how many cases it ran.
count_meson() {
    local json=${meson_dir:?}/meson-logs/testlog.json
    [ -f "$json" ] || {
        one "$@"
        return
    }
    awk '
        function cases(line, word,    n, s) {
            n = 0
            while (match(line, "\\[  " word "  \\] [0-9]+ test")) {
                s = substr(line, RSTART, RLENGTH)
                gsub(/[^0-9]/, "", s)
                n += s
                line = substr(line, RSTART + RLENGTH)
            }
            return n
        }
        match($0, /"result": "[A-Z]+"/) {
            result = substr($0, RSTART + 11, RLENGTH - 12)
            p = cases($0, "PASSED")
            f = cases($0, "FAILED")
            if (result == "OK") { passed += p ? p : 1; failed += 0 }
            else if (result == "SKIP") skipped++
            else { passed += p; failed += f ? f : 1 }
        }
        END { print passed + 0, failed + 0 }' "$json"
}

# TAP of node --test (or of our own shell tests): the summary of node, else the ok / not ok lines.
count_tap() {
    awk '
        /^(#|ℹ) pass [0-9]+/ { p += $3; summary = 1 }
        /^(#|ℹ) (fail|cancelled) [0-9]+/ { f += $3; summary = 1 }
        /^ok / { oks++ }
        /^not ok / { bad++ }
        END { if (summary) print p + 0, f + 0; else print oks + 0, bad + 0 }' "$1"
}

# --- the steps -------------------------------------------------------------------------------------------------

step_format() { # clang-format changes nothing
    c_files | xargs -r -n 8 -P "$jobs_max" sh -c '
        status=0
        for file; do
            clang-format --dry-run -Werror "$file" >/dev/null 2>&1 || {
                echo "$file: not formatted (./dev fmt)"
                status=1
            }
        done
        exit $status' sh
}

steps_lint() {
    step "lint format" one step_format
    for lint in layers house names glossary; do
        step "lint $lint" one "tools/lint-$lint" .
    done
    step "lint tests" count_tap tests/lint/run.sh
}

configure_with() { # DIR COMPILER OPTIONS…
    local dir=$1
    export CC=$2
    shift 2
    configure "$dir" "$@"
}

build_with() { # the same, and builds
    configure_with "$@" && ninja -k 0 -C "$1"
}

run_meson_tests() {
    local args=()
    [ $# = 0 ] || args=("$@")
    rm -f "$meson_dir/meson-logs/testlog.json"
    meson test -C "$meson_dir" --no-rebuild --print-errorlogs --num-processes "$jobs_max" "${args[@]}"
}

start_postgres() {
    cluster=$(mktemp -d "${TMPDIR:-/tmp}/jingban-pg.XXXXXX")
    if ! in_group "$logs/postgres.log" tools/pg-test-cluster start "$cluster"; then
        failed=$((failed + 1))
        failed_steps="$failed_steps
  postgres: $logs/postgres.log"
        printf '%-28s FAILED\n' "postgres start"
        tail -n 20 "$logs/postgres.log" | sed 's/^/    | /'
        return 1
    fi
    JINGBAN_TEST_PG=$(grep -E '^(postgres(ql)?://|host=)' "$logs/postgres.log" | tail -n 1)
    export JINGBAN_TEST_PG
}

step_mksql() {
    local mksql
    mksql=$(built build-test mksql)
    "$mksql" --schema schema --pg "$JINGBAN_TEST_PG" $(find src -mindepth 2 -name '*.sql' -print | sort)
}

node_tests() { # DIR; at the end the names of what failed, which are far above
    local status
    node --test --test-concurrency="$jobs_max" --test-reporter=tap $(find "$1" -name '*.test.mjs' | sort) |
        awk '{ print } /^not ok / { sub(/^not ok [0-9]+ - /, ""); bad[++n] = $0 }
             END { for (i = 1; i <= n; i++) print "# failed: " bad[i] }'
    status=${PIPESTATUS[0]}
    return "$status"
}

has_node_tests() {
    [ -d "$1" ] && [ -n "$(find "$1" -name '*.test.mjs' -print -quit)" ]
}

# tests/run-http DATABASE: DATABASE is sqlite or postgres; JINGBAN names the program under test.
steps_http() {
    local database
    JINGBAN=$PWD/build-test/jingban
    JINGBAN_AUX=$PWD/build-test/jingban-aux
    CHROMIUM=$(command -v chromium || true)
    export JINGBAN JINGBAN_AUX CHROMIUM
    if [ ! -x "$JINGBAN" ]; then
        skip "http" "this tree does not make jingban yet"
        skip "cli" "this tree does not make jingban yet"
        skip "browser" "this tree does not make jingban yet"
        return
    fi
    has_node_tests tests/cli && step "cli" count_tap node_tests tests/cli
    if [ ! -x tests/run-http ] && ! has_node_tests tests/http; then
        skip "http" "no tests/http yet"
    else
        for database in sqlite postgres; do
            if [ $database = postgres ] && [ -z "${JINGBAN_TEST_PG-}" ]; then
                skip "http postgres" "no PostgreSQL"
                continue
            fi
            export JINGBAN_TEST_DB=$database
            if [ -x tests/run-http ]; then
                step "http $database" count_tap tests/run-http $database
            else
                step "http $database" count_tap node_tests tests/http
            fi
        done
        unset JINGBAN_TEST_DB
    fi
    if has_node_tests tests/browser; then
        step "browser" count_tap node_tests tests/browser
    else
        skip "browser" "no tests/browser yet"
    fi
}

# The program, the database and the disk fail under load; each server and cluster is the test's own.
steps_fault() {
    if [ ! -x "$JINGBAN" ] || ! has_node_tests tests/fault; then
        skip "fault" "no tests/fault or no jingban yet"
        return
    fi
    step "fault" count_tap node_tests tests/fault
}

# Each target replays its corpus and then looks further for FUZZ_SECONDS; finds are kept in build-fuzz/finds.
fuzz_one() { # TARGET
    local name=${1##*/} work seeds=""
    name=${name#fuzz_}
    work=build-fuzz/corpus/$name
    mkdir -p build-fuzz/finds "$work"
    [ -d "tests/fuzz/corpus/$name" ] && seeds=tests/fuzz/corpus/$name
    "build-fuzz/$1" -max_total_time="${FUZZ_SECONDS:-12}" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build-fuzz/finds/$name-" "$work" $seeds
}

fuzz_told() { # TARGET: a line of TAP; what it said stands in a log of its own
    local name=${1##*/fuzz_} log
    log=$logs/fuzz-$name.log
    if fuzz_one "$1" >"$log" 2>&1; then
        echo "ok - fuzz $name"
    else
        tail -n 20 "$log"
        echo "not ok - fuzz $name"
        return 1
    fi
}

# A target is one process's work: as many at a time as there are processors.
fuzz_all() { # TARGET…
    local target running=0 bad=0
    for target in "$@"; do
        if [ $running -ge "$jobs_max" ]; then
            wait -n || bad=1
            running=$((running - 1))
        fi
        fuzz_told "$target" &
        running=$((running + 1))
    done
    while [ $running -gt 0 ]; do
        wait -n || bad=1
        running=$((running - 1))
    done
    return $bad
}

steps_fuzz() {
    local targets
    if [ ! -d tests/fuzz ] || [ -z "$(find tests/fuzz -name 'fuzz_*.c' -print -quit)" ]; then
        skip "fuzz" "no targets yet"
        return
    fi
    step "fuzz setup" one configure_with build-fuzz clang -Dfuzz=true -Dtests=false -Db_sanitize=address,undefined ||
        return
    targets=$(ninja -C build-fuzz -t targets all | awk -F: '/(^|\/)fuzz_[a-z0-9_]+:/ { print $1 }')
    step "fuzz build" one ninja -C build-fuzz $targets || return
    step "fuzz" count_tap fuzz_all $targets
}

# What decides whether a file is clean under clang-tidy: itself, the headers of its room, the configuration, the tool.
tidy_keys() {
    local file tool
    tool=$(clang-tidy --version | sed -n 's/.*version //p')
    for file in $(find src -name '*.c' ! -name '*_test.c' | sort); do
        grep -q "\"$PWD/$file\"\|\"../$file\"\|\"file\": \".*/$file\"" build-clang/compile_commands.json || continue
        echo "$( (echo "$tool"; cat "$file" "$(dirname "$file")"/*.h .clang-tidy) | sha256sum | cut -c1-32) $file"
    done
}

# clang-tidy over what changed since it was last clean: here (build-clang/tidy), or where tools/tidy-clean was written.
step_tidy() {
    local done=build-clang/tidy
    mkdir -p $done
    tidy_keys | while read -r key file; do
        [ -e "$done/$key" ] || grep -q "^$key " tools/tidy-clean || echo "$file $done/$key"
    done | xargs -r -n 2 -P "$jobs_max" sh -c '
        if clang-tidy --quiet -p build-clang "$0" >"$1.log" 2>&1; then
            : >"$1"
        else
            cat "$1.log"
            exit 1
        fi'
}

step_cppcheck() {
    mkdir -p build-clang/cppcheck
    cppcheck --quiet --project=build-clang/compile_commands.json --cppcheck-build-dir=build-clang/cppcheck \
        --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j "$jobs_max" \
        --suppressions-list=tools/cppcheck-suppress --std=c11
}

steps_static() {
    if step "clang build" one build_with build-clang clang -Doptimization=0; then
        step "clang-tidy" one step_tidy
        step "cppcheck" one step_cppcheck
    fi
}

steps_total() {
    [ -z "$failed_steps" ] || printf '\nfailed, with logs:%s\n' "$failed_steps"
    printf '%d seconds\n\n%d passed, %d failed\n' $((SECONDS - started)) "$passed" "$failed"
    [ "$failed" = 0 ]
}

cmd_test() {
    need_packages build test && need_npm || return 1
    steps_begin build-logs
    steps_lint
    meson_dir=build-test
    export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0:strict_string_checks=1}
    export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
    if step "gcc build (ASan, UBSan)" one build_with build-test gcc -Db_sanitize=address,undefined; then
        if [ -x tools/pg-test-cluster ]; then
            start_postgres
        else
            skip "postgres" "no tools/pg-test-cluster yet"
        fi
        step "meson tests" count_meson run_meson_tests
        if [ -n "${JINGBAN_TEST_PG-}" ] && [ -n "$(built build-test mksql)" ]; then
            step "sql on postgres" one step_mksql
        else
            skip "sql on postgres" "no PostgreSQL or no mksql yet"
        fi
        steps_http
        steps_fault
    fi
    steps_static
    steps_fuzz
    steps_total
}

cmd_check() {
    need_packages build test || return 1
    steps_begin build-logs
    steps_lint
    meson_dir=build-debug
    unset JINGBAN_TEST_PG
    if step "gcc build (debug)" one build_with build-debug gcc; then
        step "unit tests" count_meson run_meson_tests --suite unit
    fi
    steps_total
}

# Writes down what is clean now, so that the next clean checkout looks only at what changed after it.
cmd_tidy() {
    need_packages build test || return 1
    steps_begin build-logs
    if step "clang build" one build_with build-clang clang -Doptimization=0 && step "clang-tidy" one step_tidy; then
        tidy_keys >tools/tidy-clean
    fi
    steps_total
}
