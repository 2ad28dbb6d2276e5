#!/bin/sh
# quiet: Network tool that runs a program for a connection
# quiet: Netcat carries data
# quiet: Port scan by an ordinary tool
# technique: T1095
# case: netcat tries whether one port answers
# needs: nc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
nc -z 127.0.0.1 9 || true
nc -zw1 127.0.0.1 10 || true
