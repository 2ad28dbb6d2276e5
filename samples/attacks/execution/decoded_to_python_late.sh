#!/bin/sh
# rule: Interpreter waits for fetched or decoded text
# technique: T1140
# case: perl begins before base64 does
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
{ sleep 0.1; exec base64 -d /dev/null; } | perl
