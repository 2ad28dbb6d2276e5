#!/bin/sh
# quiet: Code on a command line waits for connections
# technique: T1090.001
# case: code on a command line that waits at a local socket
# needs: perl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "here", Listen => 1) or exit 1'
