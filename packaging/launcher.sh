#!/bin/sh
# Starts doppelwerk with the Node of this folder. It needs no other, and no network.
set -eu
here=$(dirname -- "$(readlink -f -- "$0")")
@ENVIRONMENT@
# Compiled code is kept between starts, in a folder that belongs to this user alone.
cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
if [ -z "${NODE_COMPILE_CACHE-}" ] && [ -n "$cache" ]; then
  export NODE_COMPILE_CACHE="$cache/doppelwerk"
fi
exec "$here/runtime/bin/node" @FLAGS@ "$here/apps/doppelwerk/src/main.ts" "$@"
