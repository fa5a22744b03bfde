#!/usr/bin/env bash
# The figures of docs/operators.md: a study-day morning without faults, with each and some at once, on
# SQLite, and while a new version is put in its place. Half an hour with what it takes by itself, on a
# machine that does nothing else; with fewer learners and seconds it shows that all of it works.
#
#     benchmarks/morning.sh [LEARNERS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
learners=${1:-300} seconds=${2:-300}
load=(.venv/bin/python benchmarks/load.py --learners "$learners")

echo "# Nothing goes wrong"
"${load[@]}" --seconds "$seconds"
echo "# Faults, PostgreSQL"
"${load[@]}" --seconds "$seconds" --faults restart,kill,disk,hang,hostile,kill+hang+hostile
echo "# Faults, SQLite"
"${load[@]}" --seconds "$((seconds / 2))" --sqlite --faults kill,disk,kill+hang+hostile
echo "# A new version"
newest=$(git log -1 --first-parent --diff-filter=A --format=%H -- lti_tool/migrations/versions)
earlier=$(mktemp -d)
git worktree add --quiet --detach "$earlier/clone" "$newest^1"
trap 'git worktree remove --force "$earlier/clone"' EXIT
"${load[@]}" --seconds "$((seconds / 4))" --faults upgrade --earlier "$earlier/clone"
