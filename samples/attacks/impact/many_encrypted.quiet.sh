#!/bin/sh
# quiet: Many files encrypted
# quiet: Many files renamed to ransomware's endings
# technique: T1486
# case: digests of six files, and six renamed to another ending
# needs: openssl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for i in 1 2 3 4 5 6; do echo text > file$i && openssl dgst -sha256 file$i >/dev/null && mv file$i file$i.old; done
