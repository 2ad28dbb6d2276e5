#!/bin/sh
# rule: Files encrypted by a tool
# technique: T1486
# case: gpg encrypts a file with a password
# needs: gpg

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > file
timeout 2 gpg --homedir "$PWD" --batch --pinentry-mode loopback --passphrase shrike-selftest -c file 2>/dev/null
gpgconf --homedir "$PWD" --kill all 2>/dev/null
true
