#!/bin/sh
# Makes .venv-interop beside .venv: the environment of the platform process of tests/interop.
# Idempotent: installs only when the lock or the Python changed. Needs no Debian package beyond
# the venv module that the project itself needs; every package in the lock is a wheel.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
lock=$here/requirements.lock
venv=$root/.venv-interop
python=${PYTHON:-$root/.venv/bin/python}

exec 9<"$lock"
flock 9 # test workers may ask for it at the same moment

want="$(sha256sum <"$lock" | cut -d' ' -f1) $("$python" --version)"
if [ -x "$venv/bin/python" ] && [ "$(cat "$venv/.installed" 2>/dev/null || true)" = "$want" ]; then
    exit 0
fi

rm -rf "$venv"
"$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
    --only-binary :all: --require-hashes -r "$lock"
"$venv/bin/python" -m pip check
echo "$want" >"$venv/.installed"
