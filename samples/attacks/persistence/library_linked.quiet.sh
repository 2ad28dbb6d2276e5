#!/bin/sh
# quiet: Library loaded from a writable directory
# technique: T1574.006
# case: a build links with a library in /tmp
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo 'int f(void) { return 0; }' > f.c
echo 'int f(void); int main(void) { return f(); }' > main.c
cc -shared -fPIC -o libf.so f.c
cc -o program main.c ./libf.so
cp libf.so copy.so
