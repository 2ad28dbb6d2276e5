#!/bin/sh
# rule: Root shell in a user's session without sudo
# technique: T1068
# case: a root shell in what is a user's session, some way below newgrp, which anybody may start
# needs: root, newgrp

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# Only root may say whose session this is; it holds for this process and what it starts.
sh -c 'echo 1000 > /proc/self/loginuid && exec newgrp' > /dev/null 2>&1 <<'END'
/bin/sh -c '/bin/sh -c true; true'
true
END
true
