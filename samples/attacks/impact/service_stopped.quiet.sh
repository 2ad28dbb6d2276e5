#!/bin/sh
# quiet: Service stopped by a script
# quiet: Machine shut down or restarted
# technique: T1489
# case: a service is looked at and reloaded
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless systemctl && ./systemctl is-active nginx.service && ./systemctl reload nginx.service
