#!/bin/sh
# rule: Container started with the host's power
# technique: T1610
# case: a container with the host's root as a mount
# needs: container, busybox

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
. "${0%/*}/container.inc"
mkdir -p image && echo true > image/attack
prepare power '"/bin/sh", "/attack"'
sed -i -e 's|"source": "[^"]*/host"|"source": "/"|' -e 's|"rbind", "rw"|"rbind", "ro"|' config.json
runc run --bundle "$base" "$container" </dev/null
