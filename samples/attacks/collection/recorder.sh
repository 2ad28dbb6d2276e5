#!/bin/sh
# rule: Screen, sound, camera, keys or clipboard recorded
# technique: T1113
# case: programs with the names of recorders
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless xwd && ./xwd -root
harmless ffmpeg && ./ffmpeg -f x11grab -i :0 out.mp4
