#!/bin/sh
# rule: Compiler run by a server
# technique: T1027.004
# case: a program named as a web server starts a compiler
# needs: cc

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
cat > server.c <<'C'
#include <stdlib.h>
int main(void) { return system("echo 'int main(void){return 0;}' > tool.c; gcc -c tool.c"); }
C
cc -o lighttpd server.c && ./lighttpd
