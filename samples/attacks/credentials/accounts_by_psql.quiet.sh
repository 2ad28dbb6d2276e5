#!/bin/sh
# quiet: Sensitive file read by an untrusted program
# technique: T1003.008
# case: PostgreSQL's client, which Perl starts, looks its user up
# needs: root, psql

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
psql --version > /dev/null
