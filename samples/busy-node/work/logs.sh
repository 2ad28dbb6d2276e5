#!/bin/sh
# every: 10
# needs: logrotate
# Logs are written and rotated.
set -e
mkdir -p logs && chmod 755 logs . && for i in 1 2 3; do echo "line $i" >> logs/app.log; done
printf '%s/logs/app.log {\n rotate 2\n compress\n copytruncate\n postrotate\n  /bin/true\n endscript\n}\n' "$PLACE" > rotate.conf
chmod 644 rotate.conf
logrotate -f -s "$PLACE/state" rotate.conf
grep -c line logs/* >/dev/null 2>&1 || true
