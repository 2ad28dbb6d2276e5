#!/bin/sh
# rule: Git hook written
# technique: T1546
# case: a hook put into a repository

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p repository/.git/hooks
printf '#!/bin/sh\n' > repository/.git/hooks/post-checkout
