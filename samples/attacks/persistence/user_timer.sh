#!/bin/sh
# rule: Systemd unit written
# technique: T1053.006
# case: a user's timer below a home directory

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.config/systemd/user
printf '[Timer]\nOnCalendar=2099-01-01\n' > home/.config/systemd/user/shrike-selftest.timer
