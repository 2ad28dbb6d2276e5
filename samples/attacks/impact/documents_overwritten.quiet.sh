#!/bin/sh
# quiet: Many documents overwritten in place
# quiet: Documents replaced one after another
# technique: T1486
# case: a script of a home reads twenty documents, and writes a list of them
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
cat > list.py <<'END'
import os
names = [name for name in os.listdir(".") if name.endswith(".docx")]
with open("list.txt", "w") as out:
    for name in names: out.write(name + " " + str(len(open(name).read())) + "\n")
END
for i in 0 1 2 3 4 5 6 7 8 9; do echo text > a$i.docx; echo text > b$i.docx; done
python3 list.py
