#!/bin/sh
# rule: Browser's or keyring's store read
# technique: T1555
# case: a purse is copied

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.bitcoin
echo > home/.bitcoin/wallet.dat
cp home/.bitcoin/wallet.dat copy
