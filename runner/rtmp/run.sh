#!/usr/bin/env bash
# The RTMP relay beside an encoder: `make rtmp`. nginx where it has the RTMP module, else the container.
#   INGEST_URL   where ingest answers; default: the local stack's
#   RTMP_PORT    default 1935
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:-.venv/bin/python}
if [ -z "${INGEST_URL:-}" ]; then
  eval "$("$python" local-emulator env)" || { echo "rtmp: set INGEST_URL, or start the stack with make run" >&2; exit 1; }
fi
export INGEST_URL RTMP_PORT=${RTMP_PORT:-1935} HOST=${RTMP_HOST:-0.0.0.0} PORT=${PORT:-8935}
echo "Server: rtmp://127.0.0.1:$RTMP_PORT/live   Stream key: STREAM?key=KEY   to $INGEST_URL"
modules=(/usr/lib/nginx/modules/ngx_rtmp_module.so /usr/lib64/nginx/modules/ngx_rtmp_module.so)
for module in "${modules[@]}"; do
  [ -e "$module" ] && exec env PYTHONPATH=functions:runner "$python" -m rtmp
done
command -v docker >/dev/null || { echo "rtmp: apt-get install nginx libnginx-mod-rtmp, or install Docker" >&2; exit 1; }
docker build --quiet --file runner/rtmp/Dockerfile --tag media-analyzer-rtmp .
exec docker run --rm --init --network host --cap-drop ALL --security-opt no-new-privileges --read-only \
  --tmpfs /tmp:size=16m --env INGEST_URL --env RTMP_PORT --env HOST --env PORT media-analyzer-rtmp
