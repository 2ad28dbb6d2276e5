#!/bin/sh
# quiet: Secret asked of a keyring
# technique: T1555
# case: keys are listed
# needs: gpg

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -m 700 home
GNUPGHOME=$PWD/home gpg --batch --list-keys > /dev/null 2>&1
true
