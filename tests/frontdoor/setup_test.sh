#!/usr/bin/env bash
# scripts/setup on a machine that lacks everything, as a user without rights: it must say the one
# line to run, exit with an error and change nothing. The machine is played by stand-ins on PATH.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
stubs=$(mktemp -d)
trap 'rm -rf "$stubs"' EXIT

fail() { printf 'setup_test: %s\n%s\n' "$1" "$said" >&2 && exit 1; }
stub() { printf '#!/bin/sh\n%s\n' "$2" >"$stubs/$1" && chmod +x "$stubs/$1"; }

stub dpkg-query 'exit 1'
stub id 'echo 1000'
stub sudo 'exit 1'
stub apt-get 'echo "apt-get was run" >&2; exit 1'

status=0
said=$(PATH="$stubs:$PATH" "$root/scripts/setup" --test --kafka 2>&1 </dev/null) || status=$?
[ "$status" -ne 0 ] || fail "must end with an error when packages are missing"
[ "$(grep -c 'apt-get install' <<<"$said")" = 1 ] || fail "must print exactly one line to run"
for package in g++ librdkafka-dev chromium openjdk-17-jre-headless; do
  grep -qF " $package" <<<"$said" || fail "the line lacks $package"
done
! grep -q 'apt-get was run' <<<"$said" || fail "must not try to install without rights"

status=0
said=$("$root/scripts/setup" --tset 2>&1 </dev/null) || status=$?
[ "$status" -ne 0 ] || fail "must end with an error on an unknown option"
grep -q -- "unknown option '--tset'" <<<"$said" || fail "must name the option it does not know"
echo "setup_test: passed"
