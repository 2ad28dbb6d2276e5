#!/bin/sh
# rule: Environment that loads code
# technique: T1574.007
# case: a path that begins with /tmp, a start-up file there, and values that broke the dynamic linker

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
PATH=/tmp:$PATH sh -c "/bin/sleep 0.1; :"
BASH_ENV=$ATTACK_DIRECTORY/none sh -c "/bin/sh -c true; /bin/sleep 0.1; :"
GLIBC_TUNABLES=glibc.malloc.mxfast=glibc.malloc.mxfast=A sh -c "/bin/sleep 0.1; :"
