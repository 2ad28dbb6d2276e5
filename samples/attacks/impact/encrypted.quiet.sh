#!/bin/sh
# quiet: Files encrypted by a tool
# technique: T1486
# case: openssl makes a digest, gpg shows its version
# needs: openssl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo text > file && openssl dgst -sha256 file >/dev/null; openssl rand -hex 8 >/dev/null
command -v gpg >/dev/null && gpg --version >/dev/null
true
