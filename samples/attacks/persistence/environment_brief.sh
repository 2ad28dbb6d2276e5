#!/bin/sh
# rule: Environment that loads code
# technique: T1574
# case: programs that end at once
# blind: audit, connector

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
GLIBC_TUNABLES=glibc.malloc.mxfast=glibc.malloc.mxfast=A sh -c "/bin/true; :"
HTTP_USER_AGENT="() { :;}; id" sh -c "/bin/true; :"
