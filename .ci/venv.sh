# Sourced by ./rafiq and ./test, which set `root`. POSIX sh.
# `ready LOCK` makes $root/.venv hold just what LOCK says, by hash, and the project; it returns at once when it does already.

fail() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$candidate" && return
    done
    fail "Python 3.11 or later is needed: install it (Debian, Ubuntu: apt-get install python3 python3-venv) or name it, as in PYTHON=/path/to/python3.11 $0"
}

ready() {
    lock=$root/$1
    stamp=$root/.venv/.ready-$1
    # The path is part of the stamp: a moved checkout's environment still points at its former place.
    wanted="$(cat "$lock" "$root/pyproject.toml" "$root/.ci/venv.sh" | sha256sum) $root"
    [ -x "$root/.venv/bin/rafiq" ] && "$root/.venv/bin/python" -c '' 2>/dev/null && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && return

    echo "Setting up $root/.venv from $1, once …" >&2
    python=$(find_python) || exit 1
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "$python cannot make environments: install its venv (Debian, Ubuntu: apt-get install python3-venv)"
    "$root/.venv/bin/python" -m pip --version >/dev/null 2>&1 ||
        "$python" -m venv --clear "$root/.venv" || fail "$root/.venv cannot be made: see above"
    in_root install --require-hashes --requirement "$lock" ||
        fail "the packages of $1 cannot be installed: see above; is the package index reached?"
    in_root install --no-deps --no-build-isolation --editable . || fail "the project cannot be installed: see above"
    printf '%s' "$wanted" >"$stamp"
}

in_root() {
    (cd "$root" && .venv/bin/python -m pip --quiet --disable-pip-version-check --no-input "$@") >&2
}
