#!/bin/sh
# rule: Files encrypted by a tool
# technique: T1486
# case: openssl encrypts a file
# needs: openssl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > file && openssl enc -aes-256-cbc -pbkdf2 -k shrike-selftest -in file -out file.enc && rm file
