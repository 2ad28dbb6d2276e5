#!/bin/sh
# quiet: System library or linker configuration written
# technique: T1546.018
# case: Python imports a module, and notes what it compiled
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir m && echo > m/a.py
PYTHONPATH=m python3 -c "import json, a"
