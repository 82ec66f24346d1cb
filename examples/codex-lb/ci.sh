#!/bin/sh
# For CI: stops a build whose queries would read more as the tables grow. STORE names a database of
# about the real size, such as the one that ../make codex-lb store.db makes.
set -eu
cd -P "$(dirname "$0")"
exec ../../tideline check "$@"
