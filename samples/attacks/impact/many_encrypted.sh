#!/bin/sh
# rule: Many files encrypted
# technique: T1486
# case: openssl encrypts six files
# needs: openssl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for i in 1 2 3 4 5 6; do
    echo text > file$i && openssl enc -aes-256-cbc -k shrike-selftest -in file$i -out file$i.out 2>/dev/null && rm file$i
done
