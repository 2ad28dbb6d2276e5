#!/bin/sh
# rule: Page faults handled by an unusual program
# technique: T1068
# case: a program of a user
# needs: root, perl, setpriv

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# The call's number of 64-bit x86 and of arm64; UFFD_USER_MODE_ONLY (1) needs no right.
case $(uname -m) in x86_64) call=323 ;; aarch64) call=282 ;; *) echo "its number is not known here"; exit 77 ;; esac
cd / && setpriv --reuid 65534 --clear-groups perl -e "exit(syscall($call, 1) >= 0 ? 0 : 77)" || { echo 'the kernel refuses the call'; exit 77; }
