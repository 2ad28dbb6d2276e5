#!/bin/sh
# rule: Cloud metadata service asked by a tool
# technique: T1552.005
# case: the service is asked through another address, known by what it wants to hear
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
curl -s -m 1 -H 'Metadata-Flavor: Google' http://127.0.0.1:9/x
curl -s -m 1 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://127.0.0.1:9/y
true
