#!/bin/sh
# quiet: Homes or system directories packed or copied
# technique: T1560.001
# case: a source tree is packed, an archive unpacked, a file copied out of /tmp, and /etc saved where backups lie
# needs: root, tar

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
mkdir tree && : > tree/file && tar czf tree.tgz tree && tar xzf tree.tgz
directory=/var/backups/$ATTACK_TOKEN
directory "$directory"
undo "rm -f '$directory/copy' '$directory/etc.tar'"
: > "$ATTACK_DIRECTORY/file" && cp "$ATTACK_DIRECTORY/file" "$directory/copy"
tar cf "$directory/etc.tar" /etc/hostname 2>/dev/null
