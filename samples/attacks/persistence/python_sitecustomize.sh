#!/bin/sh
# rule: Hook of a tool or language written
# technique: T1546.018
# case: sitecustomize.py moved into place

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo '# none' > x
mv x sitecustomize.py
