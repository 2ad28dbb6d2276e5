#!/bin/sh
# rule: Port scan by an ordinary tool
# technique: T1046
# case: netcat tries a range of ports, and a loop of bash
# needs: nc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
command -v nc >/dev/null && nc -z 127.0.0.1 1-8 2>/dev/null
command -v bash >/dev/null && bash -c 'for port in {1..8}; do (echo > /dev/tcp/127.0.0.1/$port) 2>/dev/null; done'
true
