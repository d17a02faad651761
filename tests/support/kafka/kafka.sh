#!/usr/bin/env bash
# One real Apache Kafka (KRaft, one node) on loopback, for tests.
#
#   kafka.sh start DIR   starts it with its data, log and pid in DIR; prints host:port
#   kafka.sh stop DIR    ends it, by SIGKILL after 15 s
#
# MILLWRIGHT_KAFKA_HOME      holds libs/*.jar (default build/kafka; scripts/setup --kafka fills it)
# MILLWRIGHT_KAFKA_SECONDS   it ends by itself after this long (default 3600)
# A second start in the same DIR brings the same broker back: same port, same data.
set -euo pipefail

home=${MILLWRIGHT_KAFKA_HOME:-$(cd "$(dirname "$0")/../../.." && pwd)/build/kafka}

die() {
  printf 'kafka.sh: %s\n' "$*" >&2
  exit 1
}

java_kafka() { java -Xms64m -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$home/libs/*" "$@"; }

free_ports() {
  python3 - <<'PY'
import socket
held = [socket.socket() for _ in range(2)]
for s in held:
    s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in held])
PY
}

prepare() {
  local dir=$1 port controller
  read -r port controller < <(free_ports)
  cat >"$dir/server.properties" <<EOT
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=$dir/data
num.partitions=4
auto.create.topics.enable=true
group.initial.rebalance.delay.ms=0
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
EOT
  java_kafka kafka.tools.StorageTool format -t MillwrightTestsCluster -c "$dir/server.properties" \
    >"$dir/format.log" 2>&1 || die "formatting failed: $(tail -n 3 "$dir/format.log")"
  echo "127.0.0.1:$port" >"$dir/bootstrap"
}

start() {
  local dir=$1 pid
  ls "$home"/libs/kafka_*.jar >/dev/null 2>&1 ||
    die "no Kafka in $home; run scripts/setup --kafka"
  mkdir -p "$dir"
  dir=$(cd "$dir" && pwd)
  [ -f "$dir/bootstrap" ] || prepare "$dir"
  # A session of its own: stop reaches the JVM as well, and a Ctrl-C in the caller does not.
  setsid timeout --kill-after=10 "${MILLWRIGHT_KAFKA_SECONDS:-3600}" \
    java -Xms128m -Xmx768m -cp "$home/libs/*" kafka.Kafka "$dir/server.properties" \
    >>"$dir/server.log" 2>&1 </dev/null &
  pid=$!
  echo "$pid" >"$dir/pid"
  for _ in $(seq 120); do
    kill -0 "$pid" 2>/dev/null || die "Kafka ended at once: $(tail -n 5 "$dir/server.log")"
    if kcat -b "$(cat "$dir/bootstrap")" -L -m 2 >/dev/null 2>&1; then
      cat "$dir/bootstrap"
      return
    fi
    sleep 0.5
  done
  stop "$dir"
  die "Kafka did not answer within 60 s: $(tail -n 5 "$dir/server.log")"
}

stop() {
  local dir=$1 pid
  [ -f "$dir/pid" ] || return 0
  pid=$(cat "$dir/pid")
  kill -TERM "$pid" 2>/dev/null || true
  for _ in $(seq 75); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
  done
  kill -KILL -- "-$pid" 2>/dev/null || true
  rm -f "$dir/pid"
}

case "${1:-} ${2:+dir}" in
  "start dir") start "$2" ;;
  "stop dir") stop "$2" ;;
  *) die "usage: kafka.sh start DIR | stop DIR" ;;
esac
