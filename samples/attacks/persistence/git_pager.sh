#!/bin/sh
# rule: Git hook written
# technique: T1546
# case: git is told a command for its output, and its settings are written past it
# needs: git

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
export HOME=$ATTACK_DIRECTORY/home
mkdir home
git config --global core.pager "sh -c true"
echo "[core]" >> home/.gitconfig
