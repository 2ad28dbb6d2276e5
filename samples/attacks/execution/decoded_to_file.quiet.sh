#!/bin/sh
# quiet: Fetched or decoded text goes to an interpreter
# quiet: Interpreter waits for fetched or decoded text
# technique: T1140
# case: base64 decodes into a file, and perl runs a script
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo dGV4dA== | base64 -d > text; echo 'print ""' > script.pl; perl script.pl
