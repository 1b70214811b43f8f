#!/bin/sh
# The commands of docs/guide/install.md; e2e/package.test.ts runs them.
set -eu
# #region install
sudo apt install ./doppelwerk_*_amd64.deb
sudo -u doppelwerk doppelwerk accounts create mara --name "Mara Lindqvist" --role administrator --data /var/lib/doppelwerk
sudo systemctl enable --now doppelwerk
# #endregion
