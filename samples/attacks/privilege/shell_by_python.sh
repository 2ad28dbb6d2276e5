#!/bin/sh
# rule: Shell by way of an interpreter
# technique: T1059.006
# case: Python starts a shell
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import subprocess; subprocess.run(["/bin/sh"])' < /dev/null
