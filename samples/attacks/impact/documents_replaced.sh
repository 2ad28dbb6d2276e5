#!/bin/sh
# rule: Documents replaced one after another
# technique: T1486
# case: a script of a home makes another file of each of six documents and removes it
# needs: python3, root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
place=/srv/$ATTACK_TOKEN
undo "rm -rf '$place'"
mkdir -p "$place" && cd "$place" || exit
cat > replace.py <<'END'
import os
for name in [name for name in os.listdir(".") if name.endswith(".docx")]:
    with open(name + ".x7k2q", "wb") as file: file.write(open(name, "rb").read()[::-1])
    os.unlink(name)
END
for i in 1 2 3 4 5 6; do echo text > a$i.docx; done
python3 replace.py
