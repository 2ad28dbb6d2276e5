#!/bin/sh
# quiet: Environment that loads code
# technique: T1574.007
# case: ordinary paths and settings
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
PATH=$PATH:$ATTACK_DIRECTORY GLIBC_TUNABLES=glibc.malloc.check=1 BASH_ENV=/etc/profile PYTHONPATH=/usr/lib/python3/dist-packages sh -c "/bin/true; python3 -V; :" > /dev/null
