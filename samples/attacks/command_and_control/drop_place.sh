#!/bin/sh
# rule: Public drop place or tunnel named
# technique: T1102
# case: a download from a place for pasted texts, in a network without a way out
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# Without a way out, and without asking for the name: that may go by another process.
unshare -n curl -s -m 1 --resolve pastebin.com:443:127.0.0.1 https://pastebin.com/raw/shrike-selftest
true
