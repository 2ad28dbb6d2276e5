#!/bin/sh
# rule: Browser's or keyring's store read
# technique: T1555.003
# case: a browser's passwords copied

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.config/google-chrome/Default
echo x > 'home/.config/google-chrome/Default/Login Data'
cp 'home/.config/google-chrome/Default/Login Data' logins
