#!/bin/sh
# Instructions of one submission and one status request: callgrind on the server, counting only while a fixed number of requests
# is answered. Prints the 25 functions with the largest inclusive share, in instructions a request.
#
#   bench/profile.sh [REQUESTS] [submit|status|page|guide]…   lines: instructions a request, share, file:function
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
requests=200
case ${1-} in [1-9]*) requests=$1 && shift ;; esac
parts=${*:-submit status}
region=420281 matter=08
export JINGBAN_CATALOG="${JINGBAN_CATALOG:-$root/catalog}" JINGBAN_PAGES="${JINGBAN_PAGES:-$root/pages}"
work=$(mktemp -d "${BENCH_DIR:-/var/tmp}/jingban-profile.XXXXXX") || exit 1
server=
finish() {
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM
die() {
    echo "profile: $*" >&2
    exit 1
}

# The release build with line numbers; JINGBAN_BUILD: one that is there already.
build=${JINGBAN_BUILD:-$work/build}
if [ -z "${JINGBAN_BUILD:-}" ]; then
    meson setup "$build" "$root" --buildtype=release -Doptimization=2 -Ddebug=true -Dtests=false >"$work/log" &&
        ninja -C "$build" jingban jingban-aux >>"$work/log" || { tail -20 "$work/log" >&2 && die "cannot build"; }
fi
"${CC:-cc}" -std=c17 -O2 -D_GNU_SOURCE -o "$work/load" "$here/load.c" || die "cannot build load"

serve() { # COMMAND…: the server under it
    : >"$work/out"
    "$@" "$build/jingban" serve --data "$work/data" --demo --listen 127.0.0.1:0 --quiet >"$work/out" 2>"$work/err" &
    server=$!
    tries=0
    until port=$(sed -n 's/^listening on .*:\([0-9]*\)$/\1/p' "$work/out") && [ -n "$port" ]; do
        tries=$((tries + 1))
        [ $tries -le 600 ] && kill -0 "$server" 2>/dev/null || { cat "$work/err" >&2 && die "the server did not start"; }
        sleep 0.2
    done
}
stop() {
    kill "$server" && wait "$server"
    server=
}

load() { # NAME: its requests
    case $1 in
    submit) "$work/load" -c 4 -n "$2" "$port" post "/api/v1/regions/$region/matters/$matter/applications" "$work/bodies" ;;
    *) "$work/load" -c 4 -n "$2" "$port" get "$work/$1" ;;
    esac >/dev/null || die "$1 failed"
}

profile() { # NAME
    serve valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file="$work/callgrind.$1"
    load "$1" 20 # statements prepared, pages cached
    callgrind_control -i on "$server" >/dev/null
    load "$1" "$requests"
    callgrind_control -i off "$server" >/dev/null
    stop
    echo "$1: instructions a request"
    callgrind_annotate --inclusive=yes --threshold=100 "$work/callgrind.$1" 2>/dev/null |
        awk -v n="$requests" -v root="$root/" '
            /PROGRAM TOTALS/ { gsub(",", "", $1); total = $1; printf "%9d 100.0%%  all\n", $1 / n }
            /^ *[0-9,]+ \( *[0-9.]+%\)/ && !/PROGRAM TOTALS/ {
                line = $0
                sub(/^ *[0-9,]+ \( *[0-9.]+%\) */, "", line)
                sub(/ \[.*$/, "", line)
                sub(/^.*\/src\//, "src/", line)
                if (seen[line]++ || line ~ /^\?\?\?:0x/ || line ~ /clone|start_thread|worker_main|writer_main|below main|polling_thread/) next
                gsub(",", "", $1)
                if (shown++ < 25) printf "%9d %5.1f%%  %s\n", $1 / n, 100 * $1 / total, line
            }'
}

serve env
"$build/jingban" export persons --demo --region "$region" | awk -F '\t' '
    { printf "{\"applicant\":{\"name\":\"%s\",\"id_number\":\"%s\",\"mobile\":\"%s\"},\"facts\":{},\"materials\":{\"1.1\":\"given\"}}\n", $1, $2, $3 }' >"$work/bodies"
"$work/load" -c 4 -n 500 -o "$work/cases" "$port" post "/api/v1/regions/$region/matters/$matter/applications" "$work/bodies" >/dev/null || die "no cases"
awk -F '\t' '{ print "/api/v1/cases/" $1 "\t" $2 }' "$work/cases" >"$work/status"
awk -F '\t' '{ print "/c/" $1 "/" $2 }' "$work/cases" >"$work/page"
echo "/api/v1/regions/$region/matters/$matter" >"$work/guide"
stop
for part in $parts; do
    profile "$part"
done
