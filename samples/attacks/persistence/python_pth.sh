#!/bin/sh
# rule: Hook of a tool or language written
# technique: T1546.018
# case: a .pth file, which every start of Python reads

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p lib/python3/site-packages
echo '# none' > lib/python3/site-packages/shrike-selftest.pth
