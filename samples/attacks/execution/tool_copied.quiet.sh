#!/bin/sh
# quiet: Shell, interpreter or network tool copied under another place
# technique: T1036.003
# case: a root for a container is made, and another program copied
# needs: bash

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
mkdir -p root/bin root/usr/bin
cp /bin/bash root/bin/; cp /bin/bash root/usr/bin/bash; ln -s /bin/bash root/bin/sh
cp /bin/ls list
