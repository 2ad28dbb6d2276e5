#!/bin/sh
# rule: Tool told to run a shell
# technique: T1218
# case: a shell for what split cuts, and one for what tar finds
# needs: tar, split

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo x > file
split --filter="/bin/sh -c true" file 2> /dev/null
tar cf x.tar file
tar xf x.tar --to-command="sh -c true" 2> /dev/null
true
