#!/bin/sh
# rule: Another user's SSH session used
# technique: T1563.001
# case: another user's terminals, by a program that only bears tmux's name
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless tmux && ./tmux -S /tmp/tmux-1000/default list-sessions
