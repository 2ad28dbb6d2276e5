#!/bin/sh
# quiet: Git hook written
# technique: T1546
# case: a name, an editor and a filter
# needs: git

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
export HOME=$ATTACK_DIRECTORY/home
mkdir home
git config --global user.name shrike
git config --global core.editor vim
git config --global filter.lfs.smudge "git-lfs smudge -- %f"
git config --get user.name > /dev/null
