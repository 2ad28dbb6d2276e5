#!/bin/sh
# every: 5
# needs: runc, busybox
# Containers come and go; a health check runs in each.
busybox=$(command -v busybox)
mkdir -p root/bin root/proc root/dev root/tmp && cp "$busybox" root/bin/busybox
for applet in sh sleep cat ls true wget id; do ln -s busybox root/bin/$applet; done
cat > config.json <<J
{"ociVersion": "1.0.2", "process": {"terminal": false, "user": {"uid": 1000, "gid": 1000}, "args": ["/bin/sh", "-c", "ls /; id; sleep 1; cat /proc/self/status >/dev/null"], "env": ["PATH=/bin"], "cwd": "/",
 "capabilities": {"bounding": [], "effective": [], "permitted": []}},
 "root": {"path": "root"}, "hostname": "busy", "mounts": [{"destination": "/proc", "type": "proc", "source": "proc"}, {"destination": "/dev", "type": "tmpfs", "source": "tmpfs"}],
 "linux": {"namespaces": [{"type": "pid"}, {"type": "mount"}, {"type": "ipc"}, {"type": "uts"}, {"type": "network"}]}}
J
name=busy-node-$$
trap 'runc delete -f "$name" 2>/dev/null' EXIT
trap 'exit 143' HUP INT TERM
runc run "$name" </dev/null >/dev/null 2>&1 & run=$!
sleep 0.4
# The engine's health checks: as an engine's child would, without a terminal.
wait $run
exit 0
