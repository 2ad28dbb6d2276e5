#!/bin/sh
# quiet: Sensitive file refused to a user
# technique: T1003.008
# case: a user looks accounts up, searches /etc and is refused elsewhere
# needs: root, setpriv

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cd /
setpriv --reuid 65534 --regid 65534 --clear-groups sh -c "id; getent passwd root; grep -rs shrike /etc; cat /var/log/btmp" > /dev/null 2>&1
true
