#!/bin/sh
# rule: Scheduled job installed
# technique: T1053.003
# case: a crontab from standard input
# needs: root, crontab

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
# Of an account that has none: what is there of others is not read, kept or written.
for user in nobody daemon bin; do
    ! crontab -u $user -l > /dev/null 2>&1 || continue
    undo "! crontab -u $user -l | grep -q shrike-selftest || crontab -u $user -r"
    echo '# shrike-selftest' | crontab -u $user - 2> /dev/null && exit 0
done
echo "no account without a crontab may have one"
exit 77
