#!/usr/bin/env bash
# Proves the front door on a bare Debian 12: makes one with debootstrap, clones this checkout into
# it, and goes through it as a user without rights, as root, and as a user with sudo. Prints the
# time of every step and the disk it took. Not part of CI: it needs root, debootstrap, the
# network and some 6 GB under DIR.
#
#   tests/frontdoor/bare_root.sh DIR [setup|test|run ...]     (default: setup test run)
#
# DEBIAN_MIRROR   mirror for debootstrap and the new root (default: debootstrap's own)
# The finished base system is kept in DIR/base and used again; DIR/root is made anew.
set -euo pipefail

checkout=$(cd "$(dirname "$0")/../.." && pwd)
dir=${1:?usage: bare_root.sh DIR [setup|test|run ...]}
shift
stages=("$@")
[ ${#stages[@]} -gt 0 ] || stages=(setup test run)
[ "$(id -u)" -eq 0 ] || { echo "bare_root.sh: needs root (chroot, mount)" >&2 && exit 1; }

# Mounts made below vanish with this process.
if [ "${MILLWRIGHT_BARE_ROOT:-}" != inside ]; then
  exec env MILLWRIGHT_BARE_ROOT=inside unshare --mount --propagation private \
    bash "$0" "$dir" "${stages[@]}"
fi

fail() { printf 'bare_root.sh: FAILED: %s\n' "$*" >&2 && exit 1; }
disk() { du -smx "$dir/root" 2>/dev/null | cut -f1 || true; }

# step NAME COMMAND...: runs it with its output in DIR/log, prints seconds and MB.
step() {
  local name=$1 began before status=0
  shift
  began=$(date +%s%N)
  before=$(disk)
  printf '\n### %s\n' "$name" >>"$dir/log"
  "$@" >>"$dir/log" 2>&1 </dev/null || status=$?
  printf '%-58s %7s s  %+6d MB  exit %d\n' "$name" \
    "$(awk -v a="$began" -v b="$(date +%s%N)" 'BEGIN { printf "%.1f", (b - a) / 1e9 }')" \
    "$(($(disk) + 0 - ${before:-0}))" "$status"
  return $status
}

# net=("${offline[@]}") leaves what runs inside nothing but loopback.
offline=(unshare --net sh -c 'ip link set lo up && exec "$@"' sh)
net=()
in_root() {
  env -i HOME=/root TERM=dumb LANG=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \
    "${net[@]}" chroot "$dir/root" "$@"
}
as_root() { in_root sh -c "cd /root/millwright && $1"; }
as_user() {
  in_root setpriv --reuid=tester --regid=tester --init-groups \
    env HOME=/home/tester USER=tester sh -c "cd /home/tester/millwright && $1"
}

base_system() {
  [ -f "$dir/base/etc/debian_version" ] && return 0
  debootstrap --variant=minbase bookworm "$dir/base" ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"}
}

fresh_root() {
  rm -rf --one-file-system "$dir/root"
  cp -a "$dir/base" "$dir/root"
  cp /etc/resolv.conf "$dir/root/etc/resolv.conf"
  # A company's own certificate authorities are part of its machines, not of this test.
  mkdir -p "$dir/root/usr/local/share/ca-certificates"
  cp /usr/local/share/ca-certificates/*.crt "$dir/root/usr/local/share/ca-certificates/" || true
  mount -t proc proc "$dir/root/proc"
  mount -t tmpfs -o mode=1777 shm "$dir/root/dev/shm" || true
  in_root apt-get update -q
  in_root apt-get install -q -y --no-install-recommends git ca-certificates
  in_root useradd --create-home --shell /bin/sh tester
  git clone -q --no-hardlinks "$checkout" "$dir/root/root/millwright"
  git clone -q --no-hardlinks "$checkout" "$dir/root/home/tester/millwright"
  in_root chown -R tester:tester /home/tester/millwright
}

setup_stage() {
  local said
  step "scripts/setup: user without rights (must stop)" as_user "scripts/setup" &&
    fail "scripts/setup must stop when packages are missing and there is no sudo"
  said=$(as_user "scripts/setup" 2>&1 || true)
  [ "$(grep -c 'apt-get install' <<<"$said")" = 1 ] || fail "no single line to run in: $said"
  printf '%s\n' "$said" | cut -c1-100
  step "scripts/setup: root, cold" as_root "scripts/setup"
  net=("${offline[@]}")
  step "scripts/setup: root, again, offline" as_root "scripts/setup"
  net=()
  in_root apt-get install -q -y --no-install-recommends sudo >>"$dir/log" 2>&1
  echo 'tester ALL=(ALL) NOPASSWD: ALL' >"$dir/root/etc/sudoers.d/tester"
  step "scripts/setup --test --kafka: user with sudo" as_user "scripts/setup --test --kafka"
  net=("${offline[@]}")
  step "scripts/setup --test --kafka: again, offline" as_user "scripts/setup --test --kafka"
  net=()
}

test_stage() {
  step "scripts/test: cold" as_user "scripts/test"
  tail -n 25 "$dir/log" | grep -E 'tests passed|Total Test time' || fail "no summary of the tests"
  step "scripts/test --kafka: warm" as_user "scripts/test --kafka"
  tail -n 25 "$dir/log" | grep -E 'tests passed|Total Test time' || fail "no summary of the tests"
}

# Starts scripts/run, waits until it prints an http address that answers, logs in and looks for the
# first task, which must be there within 60 s of the demo's start; ends it with Ctrl-C.
demo_answers() {
  # shellcheck disable=SC2016  # expands inside the root
  as_user 'rm -f /tmp/demo.log
    env --default-signal=INT setsid scripts/run >/tmp/demo.log 2>&1 & pid=$!
    begun=""
    for second in $(seq 1500); do
      [ -z "$begun" ] && grep -q "lives through" /tmp/demo.log && begun=$(date +%s)
      address=$(grep -oE "https?://(127\.0\.0\.1|localhost):[0-9]+" /tmp/demo.log | head -n 1)
      [ -n "$address" ] && curl -fsk -o /dev/null "$address/" && answered=yes && break
      kill -0 $pid 2>/dev/null || break
      sleep 1
    done
    cat /tmp/demo.log
    password=$(sed -n "s/^ *s\.moreau  *\([^ ]*\) .*/\1/p" /tmp/demo.log)
    tasks=0
    while [ "$answered" = yes ] && [ "$tasks" -eq 0 ] && [ $(($(date +%s) - begun)) -le 60 ]; do
      curl -fsS -c /tmp/demo.jar -o /dev/null -H "Content-Type: application/json" \
        -d "{\"user\":\"s.moreau\",\"password\":\"$password\"}" "$address/api/v1/session"
      tasks=$(curl -fsS -b /tmp/demo.jar "$address/api/v1/tasks?view=open" | grep -o "\"kind\":" | wc -l)
      [ "$tasks" -gt 0 ] || sleep 1
    done
    echo "$tasks tasks in the inbox $(($(date +%s) - begun)) s after the demo began"
    kill -s INT -- -$pid 2>/dev/null
    wait $pid
    echo "ended with $?"
    [ "$answered" = yes ] && [ "$tasks" -gt 0 ]'
}

run_stage() {
  step "scripts/run: cold, to the first task" demo_answers
  net=("${offline[@]}")
  step "scripts/run: again, offline, to the first task" demo_answers
  grep "tasks in the inbox" "$dir/log"
  net=()
}

mkdir -p "$dir" && rm -f "$dir/log"
step "debootstrap (once)" base_system
step "fresh root with git and the checkout" fresh_root
for stage in "${stages[@]}"; do "${stage}_stage"; done
echo "disk of the root in all: $(disk) MB; of the checkout's build folders:"
du -smx "$dir"/root/home/tester/millwright/build/* "$dir"/root/home/tester/millwright/src/ui/node_modules \
  "$dir"/root/home/tester/.cache "$dir"/root/home/tester/.m2 2>/dev/null || true
