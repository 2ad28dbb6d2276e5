#!/bin/sh
# rule: Password tried by a script
# technique: T1110.001
# case: ssh takes its password from a program, and nobody listens
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
SSH_ASKPASS=/bin/false SSH_ASKPASS_REQUIRE=force sh -c "ssh -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -p 1 127.0.0.1 true; :" 2> /dev/null
true
