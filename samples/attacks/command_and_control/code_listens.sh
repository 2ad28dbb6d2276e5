#!/bin/sh
# rule: Code on a command line waits for connections
# technique: T1090.001
# case: a relay in Perl, which nobody asks
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
perl -MIO::Socket::INET -e 'IO::Socket::INET->new(LocalAddr => "127.0.0.1:0", Listen => 1) or exit 1'
