#!/bin/sh
# rule: Script that is called a picture or a document
# technique: T1036.008
# case: a shell and Perl run scripts with the names of a picture and a document
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/../undo.inc"
outside
echo 'true' > logo.png; echo '1;' > Bill.PDF
sh logo.png; perl Bill.PDF
