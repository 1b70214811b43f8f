#!/bin/sh
# The command `doppelwerk`. Files that root made in the data folder of the service would keep the service from starting.
set -eu
if [ "$(id -u)" = 0 ]; then
  for word in "$@"; do
    case ${word#--data=} in
      /var/lib/doppelwerk | /var/lib/doppelwerk/*)
        echo "doppelwerk: /var/lib/doppelwerk belongs to the user doppelwerk; run this as that user: sudo -u doppelwerk doppelwerk ..." >&2
        exit 1
        ;;
    esac
  done
fi
# As the service: what it writes, nobody else reads, and its secrets are sealed. systemd hands the key over by itself.
if [ -O /var/lib/doppelwerk ]; then
  umask 077
  if [ -z "${CREDENTIALS_DIRECTORY-}${DOPPELWERK_SEAL_KEY_FILE-}" ] && [ -r /etc/doppelwerk/seal.key ]; then
    export DOPPELWERK_SEAL_KEY_FILE=/etc/doppelwerk/seal.key
  fi
fi
if [ -z "${NODE_COMPILE_CACHE-}" ] && [ -w /var/cache/doppelwerk ] && [ -O /var/cache/doppelwerk ]; then
  export NODE_COMPILE_CACHE=/var/cache/doppelwerk
fi
exec /usr/lib/doppelwerk/doppelwerk "$@"
