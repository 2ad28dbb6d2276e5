#!/bin/sh
# rule: Login script written
# technique: T1547.013
# case: a desktop autostart entry

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.config/autostart
printf '[Desktop Entry]\nType=Application\nExec=/bin/true\n' > home/.config/autostart/shrike-selftest.desktop
