#!/bin/sh
# rule: BPF program loaded
# technique: T1014
# case: the smallest program that there is
# needs: root, cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cc -o load "${0%/*}/bpf_program.c"
./load
