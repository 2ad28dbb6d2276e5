#!/bin/sh
# quiet: Database's files changed by another program
# technique: T1565.001
# case: the database

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo x > data.rdb
