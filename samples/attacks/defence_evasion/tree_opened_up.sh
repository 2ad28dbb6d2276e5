#!/bin/sh
# rule: Rights changed on many files at once
# technique: T1222.002
# case: a directory tree opened to everybody

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p a/b
chmod -R 777 a
