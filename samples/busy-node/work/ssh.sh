#!/bin/sh
# every: 10
# needs: sshd, ssh, ssh-keygen, scp
# Administrators log in over ssh, look around, edit and copy.
mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f host && ssh-keygen -q -t ed25519 -N '' -f user
cp user.pub keys; chmod 700 . ; chmod 600 keys host user
cat > sshd_config <<C
Port 47183
ListenAddress 127.0.0.1
HostKey $PLACE/host
PidFile $PLACE/sshd.pid
AuthorizedKeysFile $PLACE/keys
StrictModes no
PermitRootLogin yes
UsePAM yes
Subsystem sftp /usr/lib/openssh/sftp-server
C
/usr/sbin/sshd -f "$PLACE/sshd_config" || { echo "sshd doesn't start"; exit 77; }
trap 'kill $(cat "$PLACE/sshd.pid"); sleep 0.3' EXIT
trap 'exit 143' HUP INT TERM
sleep 0.3
echo "[127.0.0.1]:47183 $(cat host.pub)" > known
to="-i $PLACE/user -o UserKnownHostsFile=$PLACE/known -o LogLevel=ERROR"
ssh -p 47183 $to 127.0.0.1 'uptime; df -h; ps aux; who; last -n 2; ip addr; ss -tln; cat /etc/os-release; id; ls -la /etc' >/dev/null
printf 'id\nuname -a\ncat /etc/passwd\ntail -n 3 /var/log/dpkg.log\nexit\n' | ssh -tt -p 47183 $to 127.0.0.1 >/dev/null 2>&1
echo 'uname -a' | ssh -p 47183 $to 127.0.0.1 'bash -s' >/dev/null
echo text > file && scp -q -P 47183 $to file 127.0.0.1:"$PLACE/copy"
exit 0
