#!/bin/sh
# rule: Text decoded by code or into a temporary directory
# technique: T1140
# case: Perl and Python make their code out of numbers
# needs: perl, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
perl -e 'eval pack("H*","313b")'
python3 -c "exec(''.join(map(chr,[112,97,115,115])))"
