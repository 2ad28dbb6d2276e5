#!/bin/sh
# rule: Browser opened to be steered by others
# technique: T1185
# case: a browser on a user's profile, by a program that only bears its name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless google-chrome && ./google-chrome --remote-debugging-port=9222 --user-data-dir=/home/user/.config/google-chrome
