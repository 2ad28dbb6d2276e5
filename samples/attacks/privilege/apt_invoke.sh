#!/bin/sh
# rule: Package manager told to run a command
# technique: T1548.003
# case: apt-get with a command to run, for a version
# needs: apt-get

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
apt-get -o APT::Update::Pre-Invoke::=true --version > /dev/null
