#!/bin/sh
# rule: Many documents overwritten in place
# technique: T1486
# case: a script of a home writes over what twenty documents hold
# needs: python3
# blind: connector

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
cat > over.py <<'END'
import os
for name in [name for name in os.listdir(".") if name.endswith(".docx")]:
    with open(name, "r+b") as file: file.write(b"TEXT")
END
for i in 0 1 2 3 4 5 6 7 8 9; do echo text > a$i.docx; echo text > b$i.docx; done
python3 over.py
