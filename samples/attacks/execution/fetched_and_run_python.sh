#!/bin/sh
# rule: Fetched or decoded text run as code
# technique: T1059.006
# case: Python decodes its code
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
python3 -c 'import base64; exec(base64.b64decode("cGFzcw=="))'
