#!/bin/sh
# quiet: Public drop place or tunnel named
# quiet: Download that hides what it is
# technique: T1102
# case: a download from elsewhere
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# Without a way out, and without asking for the name: that may go by another process.
unshare -n curl -s -m 1 --resolve www.example.org:443:127.0.0.1 -o page https://www.example.org/
true
