#!/bin/sh
# rule: Trace of connections or programs removed
# technique: T1070.007
# case: what an editor and a downloader remember, and a job
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
mkdir home
echo > home/.viminfo
echo > home/.wget-hsts
rm home/.viminfo home/.wget-hsts
directory /etc/cron.d
file "/etc/cron.d/$ATTACK_TOKEN.dpkg-old"
echo > "/etc/cron.d/$ATTACK_TOKEN.dpkg-old"
rm "/etc/cron.d/$ATTACK_TOKEN.dpkg-old"
