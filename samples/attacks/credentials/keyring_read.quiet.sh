#!/bin/sh
# quiet: Browser's or keyring's store read
# technique: T1555.003
# case: other data of a browser is copied

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.config/google-chrome/Default
echo x > home/.config/google-chrome/Default/Preferences
cp home/.config/google-chrome/Default/Preferences copy
