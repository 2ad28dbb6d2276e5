#!/bin/sh
# every: 20
# needs: systemd-run, tar
# The same backup as a unit.
systemctl show-environment >/dev/null 2>&1 || { echo "systemd doesn't run"; exit 77; }
trap 'rm -rf /var/backups/busy-node-unit' EXIT
trap 'exit 143' HUP INT TERM
mkdir -p -m 700 /var/backups/busy-node-unit
systemd-run --quiet --wait tar czf /var/backups/busy-node-unit/etc.tgz /etc
systemd-run --quiet --wait sh -c 'cp -a /etc/shadow /var/backups/busy-node-unit/; rsync -a /etc/ /var/backups/busy-node-unit/etc/ || true'
