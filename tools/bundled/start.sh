#!/bin/sh
# Installs xlplan out of this folder, once and without a network, and starts it.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
for python in "$here/python/bin/python3" python@PYTHON@ python3; do
  # start.py says which version it takes
  if command -v "$python" >/dev/null 2>&1; then
    exec "$python" "$here/start.py" "$@"
  fi
done
case "${XLPLAN_LANG:-${LC_ALL:-${LC_MESSAGES:-$LANG}}}" in
  ja*) echo @NEEDED_JA@ >&2 ;;
  *) echo @NEEDED_EN@ >&2 ;;
esac
exit 2
