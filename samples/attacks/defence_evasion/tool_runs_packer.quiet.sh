#!/bin/sh
# quiet: Tool told to run a shell
# technique: T1218
# case: a packer for tar and sort
# needs: tar, sort, gzip

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
echo x > file
tar -I gzip -cf x.tar.gz file
sort --compress-program=gzip file > /dev/null
