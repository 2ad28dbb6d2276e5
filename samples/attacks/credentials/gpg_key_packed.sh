#!/bin/sh
# rule: User's private key read
# technique: T1552.004
# case: GnuPG's private keys packed
# needs: tar

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.gnupg/private-keys-v1.d
echo key > home/.gnupg/private-keys-v1.d/0123456789abcdef.key
tar -cf keys.tar home/.gnupg
