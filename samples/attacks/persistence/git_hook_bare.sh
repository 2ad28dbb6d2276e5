#!/bin/sh
# rule: Git hook written
# technique: T1546
# case: a hook of a repository without a working tree

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p r.git/hooks
echo true > r.git/hooks/post-receive
