#!/bin/sh
# every: 10
# needs: dpkg-deb, dpkg
# A package with a system user, a program, a unit and a schedule is built, installed, upgraded and removed.
set -e
name=busy-node-package
trap 'flock /run/busy-node.lock dpkg --purge $name >/dev/null 2>&1 || true' EXIT
trap 'exit 143' HUP INT TERM
for version in 1 2; do
    rm -rf tree && mkdir -p tree/DEBIAN tree/usr/bin tree/etc/cron.d tree/usr/lib/systemd/system tree/etc/logrotate.d
    printf 'Package: %s\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@localhost>\nDescription: busy node\n' $name $version > tree/DEBIAN/control
    cat > tree/DEBIAN/postinst <<'S'
#!/bin/sh
set -e
getent passwd busy-node >/dev/null || useradd --system --no-create-home --shell /usr/sbin/nologin busy-node
uname -a >/dev/null; id busy-node >/dev/null; cat /etc/os-release >/dev/null; ip route >/dev/null 2>&1 || true
chown busy-node /var/lib/busy-node 2>/dev/null || mkdir -p /var/lib/busy-node
chmod 755 /usr/bin/busy-node
systemctl daemon-reload 2>/dev/null || true
S
    cat > tree/DEBIAN/postrm <<'S'
#!/bin/sh
set -e
[ "$1" != purge ] || { userdel busy-node 2>/dev/null || true; rm -rf /var/lib/busy-node; }
S
    chmod 755 tree/DEBIAN/postinst tree/DEBIAN/postrm
    printf '#!/bin/sh\nexec true\n' > tree/usr/bin/busy-node && chmod 755 tree/usr/bin/busy-node
    echo '# nothing' > tree/etc/cron.d/busy-node
    printf '[Service]\nExecStart=/usr/bin/busy-node\n' > tree/usr/lib/systemd/system/busy-node.service
    dpkg-deb --root-owner-group -b tree package.deb >/dev/null
    flock /run/busy-node.lock dpkg -i package.deb >/dev/null
done
dpkg -L $name >/dev/null; dpkg-query -W >/dev/null; apt-cache policy $name >/dev/null 2>&1 || true
