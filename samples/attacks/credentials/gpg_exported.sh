#!/bin/sh
# rule: Secret asked of a keyring
# technique: T1555
# case: private keys exported, of an empty ring
# needs: gpg

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -m 700 home
GNUPGHOME=$PWD/home gpg --batch --export-secret-keys > /dev/null 2>&1
gpgconf --homedir "$PWD/home" --kill all > /dev/null 2>&1
true
