#!/usr/bin/env bash
# What the tests need beyond the tool: test packages, a browser, PostgreSQL, PHP, and a platform
# that nobody here wrote.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/debian.sh
install_packages chromium chromium-headless-shell fonts-dejavu-core php-cli postgresql nginx sqlite3
tests/interop/setup.sh &
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
wait $!
