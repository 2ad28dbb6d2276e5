#!/bin/sh
# rule: Systemd unit written
# technique: T1543.002
# case: a generator, run before every other unit
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
directory /etc/systemd/system-generators
file /etc/systemd/system-generators/shrike-selftest
echo '#!/bin/true' > /etc/systemd/system-generators/shrike-selftest
