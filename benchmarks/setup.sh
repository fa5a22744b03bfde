#!/usr/bin/env bash
# What the benchmarks need beyond the tool: the peers, each by name, in an environment of their own
# that the tool never sees. Run by `make bench`.
set -euo pipefail
cd "$(dirname "$0")/.."
source tools/debian.sh
install_packages postgresql redis-server
command -v npm >/dev/null || install_packages nodejs npm
[ -x .venv-peers/bin/python ] || .venv/bin/python -m venv .venv-peers
.venv-peers/bin/pip install --quiet --disable-pip-version-check \
  Flask==3.1.3 PyLTI1p3==2.0.0 Flask-Caching==2.5.1 redis==8.1.0 waitress==3.0.2 \
  'psycopg[binary,pool]==3.3.9' PyJWT==2.15.1 cryptography
npm install --silent --no-fund --no-audit --prefix .venv-peers ltijs@5.9.9 ltijs-sequelize pg \
  || echo "ltijs cannot be had here: its rows stay out"
