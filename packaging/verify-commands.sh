#!/bin/sh
# The commands of docs/guide/install.md that check what was downloaded; scripts/package/signed.test.ts runs them.
set -eu
# #region verify
minisign -Vm SHA256SUMS -P "$KEY"
sha256sum --check --ignore-missing SHA256SUMS
# #endregion
