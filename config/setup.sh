#!/usr/bin/env bash
# Installs what a fresh Debian machine lacks: `setup.sh python chromium node platform postgresql`, any.
# Says in one line what it installs, and nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "setup: $*"; }

debian() {
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { say "please install as root: apt-get install $*"; return 1; }
        as_root=(sudo)
    fi
    say "installing $* from Debian's packages"
    "${as_root[@]}" apt-get -qq update
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends "$@" >/dev/null
}

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; }

makes_venv() { fits "$1" && "$1" -c 'import ensurepip, venv' 2>/dev/null; }

python() {
    # Debian's own first: a python3 that somebody built is often built without optimisation, and
    # then everything takes half as long again.
    local made_with=/usr/bin/python3
    makes_venv "$made_with" || made_with=python3
    fits "$made_with" || { say "Python 3.11, 3.12 or 3.13 is needed"; exit 1; }
    makes_venv "$made_with" || debian python3-venv
    [ -x .venv/bin/python ] || { say "making .venv"; "$made_with" -m venv .venv; }
    if ! .venv/bin/python -m uv --version >/dev/null 2>&1; then
        say "installing uv into .venv from PyPI"
        .venv/bin/python -m pip install -q --disable-pip-version-check uv
    fi
    say "installing the locked dependencies into .venv"
    .venv/bin/python -m uv pip install -q --python .venv/bin/python --require-hashes -r config/requirements-dev.txt
    .venv/bin/python -m uv pip install -q --python .venv/bin/python --no-deps --editable .
}

chromium() {
    type -P chromium >/dev/null || debian chromium fonts-noto-core fonts-noto-color-emoji
    type -P chromium-headless-shell >/dev/null || debian chromium-headless-shell ||
        say "without chromium-headless-shell the browser tests take twice as long"
}

platform() {
    local lock=config/requirements-platform.txt here=.venv-platform
    [ "$here/ready" -nt "$lock" ] && return
    say "installing Open edX's LTI consumer, a platform to test against, into $here from PyPI"
    .venv/bin/python -m uv venv -q --clear --python .venv/bin/python "$here"
    .venv/bin/python -m uv pip install -q --python "$here/bin/python" --require-hashes -r "$lock"
    touch "$here/ready"
}

node() { type -P npm >/dev/null || debian nodejs npm; }

postgresql() { ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || debian postgresql; }

for part in "$@"; do "$part"; done
