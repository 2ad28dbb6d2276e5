#!/bin/sh
# rule: Script run from a temporary directory
# rule: File in a temporary directory made executable
# technique: T1059.004
# case: a script in /tmp is made executable and started by its name
# needs: nothing

cd "${ATTACK_DIRECTORY:?shrike selftest runs it}" || exit
script=$ATTACK_DIRECTORY/script
printf '#!/bin/sh\nid >/dev/null\n' > "$script" && chmod +x "$script" && "$script"
