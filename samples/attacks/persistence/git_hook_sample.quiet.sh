#!/bin/sh
# quiet: Git hook written
# technique: T1546
# case: a script of that name outside a repository

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir hooks
printf '#!/bin/sh\n' > hooks/post-checkout
