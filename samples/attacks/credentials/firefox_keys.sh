#!/bin/sh
# rule: Browser's or keyring's store read
# technique: T1555.003
# case: Firefox's keys packed
# needs: tar

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.mozilla/firefox/x.default
echo x > home/.mozilla/firefox/x.default/key4.db
tar -cf keys.tar home/.mozilla
