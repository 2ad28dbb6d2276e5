#!/bin/sh
# rule: Script or key carried to another machine by SSH
# technique: T1098.004
# case: a key for another machine, which isn't there
# needs: ssh

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
ssh -o BatchMode=yes -p 9 127.0.0.1 "echo key >> ~/.ssh/authorized_keys" 2> /dev/null
true
