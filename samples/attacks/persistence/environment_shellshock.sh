#!/bin/sh
# rule: Environment that loads code
# technique: T1190
# case: a function in the header of a request

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
HTTP_USER_AGENT="() { :;}; id" sh -c "/bin/sleep 0.1; :"
