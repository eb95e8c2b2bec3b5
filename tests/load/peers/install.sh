#!/bin/sh
# Brings the peers that `./run bench` measures beside ours; as root for Debian's packages. None of it is needed
# to run or to test the product. What cannot be had is said, and left out of the tables.
set -u
here=$(cd "$(dirname "$0")/../../.." && pwd)/.cache/peers
mkdir -p "$here/bin"
try() { "$@" >/dev/null 2>"$here/said" || { echo "not had: $*"; tail -2 "$here/said"; }; }

export DEBIAN_FRONTEND=noninteractive
# Their services are not started: each measurement starts its own.
printf '#!/bin/sh\nexit 101\n' >"$here/policy"; chmod +x "$here/policy"
[ -e /usr/sbin/policy-rc.d ] || { cp "$here/policy" /usr/sbin/policy-rc.d; ours=yes; }
for package in nginx-light libnginx-mod-nchan nats-server mosquitto gcc libc6-dev; do
    try apt-get install -qy --no-install-recommends "$package"
done
[ -z "${ours-}" ] || rm /usr/sbin/policy-rc.d
try npm install --no-save --prefix "$here" ws bufferutil socket.io
try "$here/../../.venv/bin/pip" install -q --target "$here/python" socketify
if command -v go >/dev/null; then
    GOBIN=$here/bin try go install github.com/centrifugal/centrifugo/v6@latest
    GOBIN=$here/bin try go install github.com/tidwall/tile38/cmd/tile38-server@latest
fi
