#!/bin/sh
# rule: Text decoded by code or into a temporary directory
# technique: T1140
# case: base64 decodes into /tmp
# needs: base64

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo aGk= > text
base64 -d text > "$ATTACK_DIRECTORY/decoded"
