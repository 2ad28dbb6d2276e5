#!/bin/sh
# rule: Sensitive file refused to a user
# technique: T1003.008
# case: a user tries to read hashes and to write a job
# needs: root, setpriv

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cd /
setpriv --reuid 65534 --regid 65534 --clear-groups cat /etc/shadow > /dev/null 2>&1
setpriv --reuid 65534 --regid 65534 --clear-groups sh -c "echo x >> /etc/passwd" 2> /dev/null
true
