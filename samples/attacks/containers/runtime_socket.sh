#!/bin/sh
# rule: Container runtime's socket used by an unusual program
# technique: T1611
# case: curl asks the engine for its containers
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
# Of a runtime that isn't here: a request may start one.
for socket in /var/run/docker.sock /run/podman/podman.sock /run/crio/crio.sock /run/shrike-selftest/docker.sock; do
    [ -e $socket ] || break
done
curl -s -m 1 --unix-socket $socket http://localhost/containers/json >/dev/null
true
