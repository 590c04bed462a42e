# Part of ./dev: installs what a command needs on Debian 12, in one go, and only what is missing.

PACKAGES_build="meson ninja-build gcc libc6-dev pkg-config libmicrohttpd-dev libsqlite3-dev libpq-dev libjansson-dev
    libyaml-dev libexpat1-dev libssl-dev libsodium-dev zlib1g-dev libpango1.0-dev libcairo2-dev fonts-noto-cjk
    fonts-noto-cjk-extra libqrencode-dev libgraphviz-dev graphviz libmagic-dev
    libcurl4-openssl-dev libzip-dev"
PACKAGES_test="sqlite3 libcmocka-dev postgresql-15 chromium poppler-utils tidy clang clang-tidy clang-format cppcheck
    valgrind libclang-rt-14-dev zbar-tools curl wrk ca-certificates unzip"
# Node.js may have come another way (then its package manager is there too); only a machine with neither gets Debian's.
PACKAGES_node="nodejs npm"

say() {
    printf 'dev: %s\n' "$*"
}

# need_packages SET…: SET is build or test.
need_packages() {
    local set wanted="" missing="" package have
    for set in "$@"; do
        case $set in
        build) wanted="$wanted $PACKAGES_build" ;;
        test)
            wanted="$wanted $PACKAGES_test"
            if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
                wanted="$wanted $PACKAGES_node"
            fi
            ;;
        esac
    done
    if ! command -v dpkg-query >/dev/null; then
        say "this is not a Debian system: please see to these packages yourself:" $wanted
        return 0
    fi
    have=" $(dpkg-query -W -f '${Package}=${db:Status-Status} ' $wanted 2>/dev/null)"
    for package in $wanted; do
        case $have in *" $package=installed "*) ;; *) missing="$missing $package" ;; esac
    done
    [ -z "$missing" ] && return 0
    local as=""
    if [ "$(id -u)" != 0 ]; then
        if ! command -v sudo >/dev/null; then
            say "these packages are missing, and installing them needs root. Please run as root, then start again:" >&2
            say "  apt-get update && apt-get install --no-install-recommends$missing" >&2
            return 1
        fi
        as=sudo
    fi
    say "installing with apt-get:$missing"
    $as apt-get update -q >/tmp/dev-apt.$$ 2>&1 &&
        $as env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing \
            </dev/null >>/tmp/dev-apt.$$ 2>&1
    local status=$?
    [ $status = 0 ] || tail -n 30 /tmp/dev-apt.$$ >&2
    rm -f /tmp/dev-apt.$$
    [ $status = 0 ] || say "installing failed (above: the end of what apt-get said)" >&2
    return $status
}

# node_modules/ exactly as package-lock.json says; skipped while the lock's digest is the one installed.
need_npm() {
    [ -f package-lock.json ] || return 0
    local digest
    digest=$(sha256sum package-lock.json | cut -d' ' -f1)
    [ "$(cat node_modules/.lock-digest 2>/dev/null)" = "$digest" ] && return 0
    say "installing the npm packages of package-lock.json (no install scripts are run)"
    npm ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null || return 1
    echo "$digest" >node_modules/.lock-digest
}
