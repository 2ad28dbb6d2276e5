#!/bin/sh
# quiet: What visitors see replaced
# technique: T1491.002
# case: a page elsewhere
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > index.html
