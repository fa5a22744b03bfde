#!/usr/bin/env bash
# Make .venv with exactly the locked packages, and the tool itself, editable.
set -euo pipefail
cd "$(dirname "$0")/.."
python="${PYTHON:-python3}"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "Proeftuin needs Python 3.11 or newer; this is $("$python" --version)." >&2
  exit 1
}
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  source tools/debian.sh
  install_packages python3-venv
fi

# What WeasyPrint draws a PDF with; everything else comes from PyPI.
source tools/debian.sh
install_packages libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core ||
  echo "Without these packages a logbook is not offered as PDF; all else works." >&2

[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
.venv/bin/python tools/fonts.py
.venv/bin/pybabel --quiet compile -d lti_tool/translations
