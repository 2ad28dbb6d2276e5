#!/bin/sh
# quiet: Tunnel or remote access program started
# technique: T1219
# case: an editor opens a file, and an SSH server has its configuration
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless code && ./code tunnel.txt; ./code tunnel status
harmless sshd && ./sshd -D -f sshd_config -p 2222
