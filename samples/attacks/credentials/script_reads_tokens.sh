#!/bin/sh
# rule: User's token or password file read
# technique: T1552.001
# case: a script from a temporary directory reads a file of tokens
# needs: python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir .aws && echo "aws_secret_access_key = shrike-selftest" > .aws/credentials
echo 'open(".aws/credentials").read()' > walk.py
python3 walk.py
python3 "$PWD/walk.py"
