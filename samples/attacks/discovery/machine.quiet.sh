#!/bin/sh
# quiet: Machine looked over
# quiet: Machine looked over from a temporary directory
# technique: T1082
# case: what scripts ask every day
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
uname -s >/dev/null; uname -r >/dev/null; hostname >/dev/null; id -u >/dev/null; df . >/dev/null
grep "^root:" /etc/passwd >/dev/null; getent passwd root >/dev/null; cat script 2>/dev/null
true
