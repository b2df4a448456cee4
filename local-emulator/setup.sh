#!/usr/bin/env bash
# Installs what is missing, and only that: apt packages, the virtual environment, the web page, the sample clip.
#   local-emulator/setup.sh run     what `make run` needs
#   local-emulator/setup.sh test    that, and a browser
#   local-emulator/setup.sh clip    what `make clip` needs: Python and torch
#   local-emulator/setup.sh images  that, and what builds images, where it can be installed
# Each step is skipped when a stamp of its inputs says that it has been done.
set -euo pipefail
cd "$(dirname "$0")/.."
# uv reads no configuration of pip: an index that is set for pip holds for uv too.
[ -z "${PIP_INDEX_URL:-}" ] || export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}
purpose=${1:-run}
images=
[ "$purpose" = images ] && purpose=test images=yes
stamps=.local/setup
log=$stamps/setup.log
mkdir -p "$stamps"

say() { printf '\033[2m%s\033[0m %s\n' "setup" "$*"; }

# step NAME "what it does" INPUT-HASH COMMAND...: runs it once per hash, with the seconds it takes, its output in the log.
step() {
  local name=$1 what=$2 hash=$3; shift 3
  [ "$(cat "$stamps/$name" 2>/dev/null)" = "$hash" ] && return 0
  local begun=$SECONDS
  say "$what …"
  "$@" >"$log" 2>&1 &
  local pid=$!
  trap 'kill "$pid" 2>/dev/null; exit 130' INT TERM
  while kill -0 "$pid" 2>/dev/null; do
    [ -t 1 ] && printf '\r      %3d s  %-70.70s' $((SECONDS - begun)) "$(tail -n 1 "$log" 2>/dev/null | tr -d '\r')"
    sleep 1
  done
  [ -t 1 ] && printf '\r%-90s\r' ''
  if ! wait "$pid"; then
    tail -n 30 "$log" >&2
    echo "setup: '$what' failed; the whole output is in $log" >&2
    exit 1
  fi
  trap - INT TERM
  echo "$hash" >"$stamps/$name"
  say "$what: done in $((SECONDS - begun)) s"
}

hash_of() { sha256sum "$@" | sha256sum | cut -c1-16; }
hash_tree() { find "$@" -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-16; }

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
if [ "$purpose" != clip ]; then
  need java openjdk-17-jre-headless
  need node nodejs
  need npm npm
fi
if [ "$purpose" = test ]; then
  need chromium chromium
  need chromium-headless-shell chromium-headless-shell
  need ffmpeg ffmpeg
  need dot graphviz
fi
# People reading aloud, which comes as files only.
if [ "$purpose" = test ] && [ ! -e /usr/share/pocketsphinx/test/data/librivox ]; then
  missing+=(pocketsphinx-testdata)
fi
# RTMP. The stack comes up without it, so where it cannot be installed here only the tests insist.
root_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }
if [ "$purpose" != clip ] && [ ! -e /usr/lib/nginx/modules/ngx_rtmp_module.so ] && { [ "$purpose" = test ] || root_apt; }; then
  missing+=(nginx libnginx-mod-rtmp)
fi
# Images can be built by root on Debian only; elsewhere their tests are skipped, and say so.
if [ "$images" ] && root_apt; then
  need buildah buildah
  need mmdebstrap mmdebstrap
fi
if [ ${#missing[@]} -gt 0 ]; then
  if root_apt; then
    step apt "installing ${missing[*]} (apt)" "${missing[*]}" \
      sh -c "apt-get update -qq && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq ${missing[*]}"
  else
    echo "setup: please install, then run this again: sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi

python=$(command -v python3.13 python3.12 python3.11 python3 | head -n 1 || true)
for candidate in python3 python3.12 python3.11 python3.13; do
  if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "setup: Python 3.11 or later is needed; python3 here is $(python3 --version 2>&1)" >&2
  exit 1
}
# .venv holds the lock of local-emulator/; for tests everything that any lock holds. pip brings uv, uv the rest.
lock=local-emulator/requirements.txt
[ "$purpose" = test ] && lock=requirements.txt
pinned() { sed -nE "s/^($1==[^ ;]+).*/\1/p" "$2" | head -n 1; }
install() { .venv/bin/uv pip install --no-progress --python .venv "$@"; }
install_python() {
  [ -x .venv/bin/python ] || "$python" -m venv .venv
  .venv/bin/python -m pip install --progress-bar off --disable-pip-version-check "$(pinned uv $lock)"
  install --require-hashes -r $lock
}
# torch takes most of a minute and a gigabyte: the stack does without, unless LOCAL_CLIP asks for the CLIP service. Which of
# its builds it is, the index of pip says; uv takes that file.
wheels=.local/cache/wheels
install_clip() {
  mkdir -p $wheels
  .venv/bin/python -m pip download --progress-bar off --no-deps --dest $wheels "$(pinned torch runner/clip/requirements.in)"
  install --require-hashes -r runner/clip/requirements.txt
  install --find-links $wheels "$(pinned torch runner/clip/requirements.in)"
}
environments() { PYTHONPATH=local-emulator .venv/bin/python -m emulator.declaration.packages.environments "$@"; }
locks=$(hash_of requirements.txt */requirements.txt */*/requirements.txt local-emulator/setup.sh)
step python "installing Python packages into .venv" "$lock $locks" install_python
[ "$purpose" = clip ] || step environments "making an environment for each deployable" "$locks" environments
if [ "$purpose" = test ] || [ "$purpose" = clip ] || [ -n "${LOCAL_CLIP:-}" ]; then
  step clip "installing torch for the CLIP service" "$locks" install_clip
  [ "$purpose" = clip ] && exit 0
  step clip-environment "making the CLIP service's environment" "$locks" environments clip
fi
# The Auth emulator, 242 MB: for signing in.
auth=.local/cache/auth
install_auth() {
  mkdir -p $auth
  cp local-emulator/auth/package.json local-emulator/auth/package-lock.json $auth/
  npm --prefix $auth ci --ignore-scripts --no-audit --no-fund
}
step auth "installing the Auth emulator" "$(hash_of local-emulator/auth/package-lock.json)" install_auth
step web "building the web page" "$(hash_tree web)" sh -c "npm --prefix web ci --no-audit --no-fund && npm --prefix web run build"
step media "making the sample clip from real footage" "$(hash_tree local-emulator/emulator/sample/media)" \
  env PYTHONPATH=local-emulator:functions:runner .venv/bin/python -m emulator.sample.media --out .local/media
step hard "making the clip of the demo" "$(hash_tree local-emulator/emulator/sample/media local-emulator/emulator/sample/hard_clip)" \
  env PYTHONPATH=local-emulator:functions:runner .venv/bin/python -m emulator.sample.hard_clip --out .local/hard
# Once per set of packages, so that the first `up` is as quick as those after it: Java archives the emulators' classes, the evaluated infra/ is
# remembered, Python's files are compiled.
first_start() {
  .venv/bin/python local-emulator status >/dev/null 2>&1 && return
  env -u VISION -u SPEECH .venv/bin/python local-emulator up && .venv/bin/python local-emulator down
}
step start "starting the stack for the first time" "$locks" first_start
