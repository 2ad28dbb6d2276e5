#!/bin/sh
# every: 50
# needs: cron, tar, dpkg-deb
# Root's schedule, as a package brings it: a backup of /etc by tar and rsync, a report. Cron runs it; one is started if there is none.
set -e
started=
finish() {
    flock /run/busy-node.lock dpkg --purge busy-node-backup >/dev/null 2>&1 || true
    rm -rf /var/backups/busy-node
    [ -z "$started" ] || { kill "$started" 2>/dev/null; rm -f /run/crond.pid /run/crond.reboot; }
}
trap finish EXIT
trap 'exit 143' HUP INT TERM
mkdir -p tree/DEBIAN tree/etc/cron.d tree/usr/sbin
printf 'Package: busy-node-backup\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: busy node\n' > tree/DEBIAN/control
cat > tree/usr/sbin/busy-node-backup <<'S'
#!/bin/sh
umask 77
mkdir -p /var/backups/busy-node
tar czf /var/backups/busy-node/etc.tgz /etc 2>/dev/null
tar czf - /root/.profile /root/.bashrc 2>/dev/null | wc -c >/dev/null
command -v rsync >/dev/null && rsync -a /etc/ /var/backups/busy-node/etc/
find /var/backups/busy-node -name '*.old' -delete
cp -a /etc/passwd /etc/shadow /var/backups/busy-node/ && gzip -f /var/backups/busy-node/passwd
(df -h; uptime; ps aux | wc -l; who; last -n 3; ss -s; cat /proc/loadavg) > /var/backups/busy-node/report 2>/dev/null
S
chmod 755 tree/usr/sbin/busy-node-backup
cat > tree/etc/cron.d/busy-node-backup <<'S'
* * * * * root /usr/sbin/busy-node-backup
* * * * * root test -x /usr/bin/find && find /var/log -name "*.none" -delete; dpkg -l >/dev/null
S
dpkg-deb --root-owner-group -b tree package.deb >/dev/null && flock /run/busy-node.lock dpkg -i package.deb >/dev/null
pgrep -x cron >/dev/null || { cron -f >/dev/null 2>&1 & started=$!; }
sleep 62
