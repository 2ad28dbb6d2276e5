#!/bin/sh
# quiet: Package manager told to run a command
# technique: T1072
# case: package managers as always
# needs: apt-get

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
apt-get -o Debug::NoLocking=1 --version > /dev/null
dpkg -l dpkg > /dev/null
