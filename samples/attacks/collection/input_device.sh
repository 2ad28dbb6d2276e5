#!/bin/sh
# rule: Input device opened by an unusual program
# technique: T1056.001
# case: a keyboard's device is read
# needs: root

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
for device in /dev/input/event0 /dev/input/mice /dev/uinput; do
    if [ -e "$device" ]; then timeout 0.2 head -c 1 "$device" >/dev/null 2>&1; exit 0; fi
done
echo "there is no input device"; exit 77
