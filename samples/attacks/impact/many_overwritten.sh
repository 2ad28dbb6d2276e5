#!/bin/sh
# rule: Many files overwritten in place
# technique: T1486
# case: a script from a temporary directory writes over what twenty files hold
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
script=$PWD/script.py
cat > "$script" <<'END'
import os
for name in os.listdir("."):
    with open(name, "r+b") as file: file.write(bytes(byte ^ 90 for byte in b"text"))
END
outside
for i in 0 1 2 3 4 5 6 7 8 9; do echo text > a$i; echo text > b$i; done
python3 "$script"
