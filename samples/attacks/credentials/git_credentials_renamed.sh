#!/bin/sh
# rule: User's token or password file read
# technique: T1552.001
# case: read by a program that came to /tmp

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cp /bin/cat git
echo https://x:y@example.org > .git-credentials
"$ATTACK_DIRECTORY/git" /dev/null || { echo "cat does not work under another name"; exit 77; }
"$ATTACK_DIRECTORY/git" "$ATTACK_DIRECTORY/.git-credentials" > /dev/null
