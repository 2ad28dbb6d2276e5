#!/bin/sh
# rule: Many files given an ending by a program that nobody installed
# technique: T1486
# case: a script of a home gives twenty files an ending
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
cat > mark.py <<'END'
import os
for name in [name for name in os.listdir(".") if name.startswith("f")]: os.rename(name, name + ".x7k2q")
END
for i in 0 1 2 3 4 5 6 7 8 9; do echo text > fa$i; echo text > fb$i; done
python3 mark.py
