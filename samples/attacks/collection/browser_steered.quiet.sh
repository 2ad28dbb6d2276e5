#!/bin/sh
# quiet: Browser opened to be steered by others
# technique: T1185
# case: a test of web pages, by a program that only bears a browser's name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
. "${0%/*}/../harmless.inc"
outside
harmless google-chrome && ./google-chrome --headless --remote-debugging-port=0 --user-data-dir=/tmp/profile
