#!/bin/sh
# rule: Login script written
# technique: T1546.004
# case: a plug-in for vim and a file for wget

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
mkdir -p home/.vim/plugin
echo > home/.vim/plugin/x.vim
echo > home/.wgetrc
