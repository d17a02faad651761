#!/usr/bin/env bash
# The real Apache Kafka that the contract and end-to-end suites use: takes what is produced, gives
# it back in order, and keeps it over a restart on the same address.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d)
trap '"$here/kafka.sh" stop "$dir"; rm -rf "$dir"' EXIT

fail() { printf 'kafka_test: %s\n' "$*" >&2 && exit 1; }
consume() { timeout 30 kcat -b "$1" -C -t events -p 0 -o beginning -e -q; }

export MILLWRIGHT_KAFKA_SECONDS=120
broker=$("$here/kafka.sh" start "$dir")
printf 'one\ntwo\nthree\n' | timeout 30 kcat -b "$broker" -P -t events -p 0
[ "$(consume "$broker")" = $'one\ntwo\nthree' ] || fail "did not give back what was produced"

"$here/kafka.sh" stop "$dir"
! timeout 5 kcat -b "$broker" -L -m 1 >/dev/null 2>&1 || fail "answers after stop"

[ "$("$here/kafka.sh" start "$dir")" = "$broker" ] || fail "came back on another address"
[ "$(consume "$broker")" = $'one\ntwo\nthree' ] || fail "lost its data over a restart"
echo "kafka_test: passed"
