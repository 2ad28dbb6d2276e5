#!/bin/sh
# every: 5
# An agent's checks: processes, disks, ports, certificates, files.
nc=$(command -v nc) && $nc -z 127.0.0.1 9
ps -eo pid,comm >/dev/null; df -P >/dev/null; free >/dev/null 2>&1; cat /proc/loadavg /proc/meminfo /proc/stat >/dev/null
echo | timeout 1 openssl s_client -connect 127.0.0.1:9 2>/dev/null | openssl x509 -noout -enddate 2>/dev/null
curl -s -m 1 -o /dev/null -w '%{http_code}' http://127.0.0.1:9/health >/dev/null
hostname >/dev/null; id -u >/dev/null; date >/dev/null; pgrep -c sh >/dev/null; stat -c %Y /etc/passwd >/dev/null; grep -c processor /proc/cpuinfo >/dev/null
logger -t busy-node checked 2>/dev/null
exit 0
