#!/bin/sh
# rule: Attributes of a file changed by chattr
# technique: T1222.002
# case: a file made immutable, if the file system can
# needs: chattr

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# Nobody could remove it if it stayed so.
undo "chattr -i '$PWD/file'; rm -f '$PWD/file'; rmdir '$PWD'"
: > file
chattr +i file 2> /dev/null
chattr -i file 2> /dev/null
true
