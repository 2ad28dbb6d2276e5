#!/bin/sh
# quiet: Screen, sound, camera, keys or clipboard recorded
# technique: T1113
# case: a film is converted
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless ffmpeg && ./ffmpeg -i in.mp4 out.webm
