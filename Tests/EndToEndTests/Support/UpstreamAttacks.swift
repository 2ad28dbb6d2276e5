import Testing

/// Real attacks that must raise the alert of an upstream Falco rule.
struct UpstreamAttack: Sendable, CustomTestStringConvertible {
    /// The upstream rule's name.
    let rule: String
    /// A shell script; `$A` is the attack program, `$D` a fresh directory, `$N` runs a command in a network namespace of
    /// its own that has the addresses 198.51.100.7 (TEST-NET-2, RFC 5737) and 169.254.169.254.
    let script: String
    /// A text that the alert's output must contain: proof that the values are those of the attack.
    let output: String

    init(_ rule: String, _ script: String, _ output: String) {
        self.rule = rule
        self.script = script
        self.output = output
    }

    var testDescription: String { rule }

    /// On the host. An environment is known only while its process lives (audit does not tell it), so the two attacks
    /// on it last a moment.
    static let onHost: [UpstreamAttack] = [
        .init(
            "Directory traversal monitored file read", "$A spawn $A open openat /etc/../etc/../etc/passwd",
            "/etc/passwd"),
        .init("Read sensitive file untrusted", "$A open openat /etc/shadow", "file=/etc/shadow"),
        .init("Read sensitive file untrusted", "$A open open /etc/shadow", "file=/etc/shadow"),
        .init("Read sensitive file untrusted", "$A open openat2 /etc/shadow", "file=/etc/shadow"),
        .init("Read sensitive file untrusted", "$A open dirfd /etc/shadow", "file=/etc/shadow"),
        .init(
            "Read sensitive file trusted after startup", "cp $A $D/nginx; $D/nginx after 5500 openat /etc/shadow",
            "file=/etc/shadow"
        ),
        .init("Run shell untrusted", "cp $A $D/nginx; $D/nginx spawn /bin/sh -c 'true shell-untrusted'", "nginx"),
        .init("System user interactive", "cp $A $D/sshd; $D/sshd spawn $A as-user 1 /bin/ls /", "user=daemon"),
        .init("Search Private Keys or Passwords", "grep 'BEGIN RSA PRIVATE' /dev/null || true", "BEGIN RSA PRIVATE"),
        .init("Search Private Keys or Passwords", "find $D -name id_rsa", "id_rsa"),
        .init("Clear Log Activities", "$A open open-create $D/auth.log", "auth.log"),
        .init("Remove Bulk Data from Disk", "shred --version", "shred"),
        .init("Create Symlink Over Sensitive Files", "ln -s /etc/shadow $D/link", "target=/etc/shadow"),
        .init("Create Hardlink Over Sensitive Files", "ln /etc/shadow $D/hard || true", "/etc/shadow"),
        .init("PTRACE attached to process", "$A ptrace-attach", "ptrace-attach"),
        .init("PTRACE anti-debug attempt", "$A ptrace-traceme", "ptrace-traceme"),
        .init("Find AWS Credentials", "find $D -path .aws/credentials", ".aws/credentials"),
        .init(
            "Execution from /dev/shm", "cp /bin/true /dev/shm/shrike-e2e; /dev/shm/shrike-e2e; rm /dev/shm/shrike-e2e",
            "/dev/shm/shrike-e2e"),
        .init(
            "Disallowed SSH Connection Non Standard Port", "cp $A $D/ssh; $N $D/ssh connect 198.51.100.7 8080",
            "198.51.100.7"),
        .init("Fileless execution via memfd_create", "$A memfd-exec /bin/true", "memfd:payload"),
        // Incubating.
        .init("Modify Shell Configuration File", "$A open open-create $D/.bashrc", ".bashrc"),
        .init(
            "Schedule Cron Jobs", "$A open open-create /etc/cron.d/shrike-e2e; rm -f /etc/cron.d/shrike-e2e",
            "/etc/cron.d/shrike-e2e"),
        .init(
            "Read ssh information",
            "mkdir -p /root/.ssh; touch /root/.ssh/shrike-e2e; $A open openat /root/.ssh/shrike-e2e; rm /root/.ssh/shrike-e2e",
            "/root/.ssh/shrike-e2e"),
        .init("DB program spawned process", "cp $A $D/mysqld; $D/mysqld spawn /bin/ls /", "mysqld"),
        .init("Change thread namespace", "$A setns", "setns"),
        .init("System procs network activity", "cp $A $D/cat; $N $D/cat connect 198.51.100.7 9", "198.51.100.7"),
        .init(
            "Program run with disallowed http proxy env", "cp /bin/sleep $D/curl; HTTP_PROXY=http://x $D/curl 0.3",
            "http"),
        .init("Unexpected UDP Traffic", "$N $A connect-udp 198.51.100.7 9999", "198.51.100.7"),
        .init("Non sudo setuid", "$A setuid-twice 1 0 || true; $A as-user 1 $A setuid 1", "setuid"),
        .init("User mgmt binaries", "cp /bin/true $D/useradd; $A spawn $D/useradd x", "useradd"),
        .init(
            "Create files below dev", "$A open open-create /dev/shrike-e2e; rm -f /dev/shrike-e2e", "/dev/shrike-e2e"),
        .init("Launch Suspicious Network Tool on Host", "cp /bin/true $D/nmap; $D/nmap -sS x", "nmap"),
        .init("Delete or rename shell history", "touch $D/.bash_history; rm $D/.bash_history", "bash_history"),
        .init("Set Setuid or Setgid bit", "cp /bin/true $D/suid; chmod u+s $D/suid", "S_ISUID"),
        .init(
            "Adding ssh keys to authorized_keys",
            "mkdir -p /root/.ssh; touch /root/.ssh/authorized_keys; $A open open-write /root/.ssh/authorized_keys",
            "authorized_keys"),
        .init(
            "Potential Local Privilege Escalation via Environment Variables Misuse",
            "GLIBC_TUNABLES=glibc.malloc.check=1 /bin/sleep 0.3", "GLIBC_TUNABLES"),
        .init(
            "Backdoored library loaded into SSHD (CVE-2024-3094)",
            "cp $A $D/sshd; touch $D/liblzma.so.5.6.0; $D/sshd open openat $D/liblzma.so.5.6.0", "liblzma.so.5.6.0"),
        .init("BPF Program Not Profiled", "$A bpf-load", "bpf"),
        // Sandbox.
        .init(
            "Update Package Repository",
            "mkdir -p /etc/apt/sources.list.d; $A open open-create /etc/apt/sources.list.d/shrike-e2e.list; rm -f /etc/apt/sources.list.d/shrike-e2e.list",
            "shrike-e2e.list"),
        .init(
            "Write below binary dir", "$A open open-create /usr/bin/shrike-e2e; rm -f /usr/bin/shrike-e2e",
            "/usr/bin/shrike-e2e"),
        .init(
            "Write below monitored dir",
            "$A open open-create /usr/local/bin/shrike-e2e; rm -f /usr/local/bin/shrike-e2e",
            "/usr/local/bin/shrike-e2e"),
        .init("Write below etc", "$A open open-create /etc/shrike-e2e; rm -f /etc/shrike-e2e", "/etc/shrike-e2e"),
        .init("Write below root", "$A open open-create /root/shrike-e2e; rm -f /root/shrike-e2e", "/root/shrike-e2e"),
        .init(
            "Write below rpm database",
            "mkdir -p /var/lib/rpm; $A open open-create /var/lib/rpm/shrike-e2e; rm -f /var/lib/rpm/shrike-e2e",
            "/var/lib/rpm/shrike-e2e"),
        .init("Modify binary dirs", "touch /usr/bin/shrike-e2e-m; rm /usr/bin/shrike-e2e-m", "shrike-e2e-m"),
        .init("Mkdir binary dirs", "mkdir /usr/bin/shrike-e2e-d; rmdir /usr/bin/shrike-e2e-d", "shrike-e2e-d"),
        .init("Detect crypto miners using the Stratum protocol", "/bin/true -o stratum+tcp://pool", "stratum+tcp"),
        .init(
            "Sudo Potential Privilege Escalation", "cp /bin/true $D/sudoedit; $A as-user 1000 $D/sudoedit -s '\\\\'",
            "sudoedit"),
        .init(
            "Unprivileged Delegation of Page Faults Handling to a Userspace Process",
            "chmod 755 $D; $A as-user 1000 $A userfaultfd", "userfaultfd"),
        .init(
            "Polkit Local Privilege Escalation Vulnerability (CVE-2021-4034)",
            "cp /bin/true $D/pkexec; $A as-user 1000 $D/pkexec", "pkexec"),
        .init("Netcat/Socat Remote Code Execution on Host", "cp /bin/true $D/nc; $D/nc -e /bin/sh", "nc"),
        .init("Known Cryptominer Process Executed", "cp /bin/true $D/xmrig; $D/xmrig", "xmrig"),
        .init(
            "Web Server Spawned Shell", "cp $A $D/php-fpm; $D/php-fpm spawn /bin/sh -c 'true web-shell'", "web-shell"),
        .init("Web Server Spawned Suspicious Child Process", "cp $A $D/apache2; $D/apache2 spawn /usr/bin/id", "id"),
        .init(
            "Reverse Shell from Web Server", "cp $A $D/httpd; $D/httpd spawn /bin/sh -c 'true /dev/tcp/'", "/dev/tcp/"),
    ]

    /// In a container; the script is run by the container's own `sh`. `$A` is the attack program. Applets are called by
    /// path: busybox runs others as `exe`.
    static let inContainer: [UpstreamAttack] = [
        .init("Netcat Remote Code Execution in Container", "/bin/nc -e /bin/true 127.0.0.1 1 || true", "nc"),
        .init("Packet socket created in container", "$A packet-socket", "packet-socket"),
        .init(
            "Redirect STDOUT/STDIN to Network Connection in Container", "$A listen-connect 127.0.0.1 19471 dup",
            "127.0.0.1"),
        .init("Drop and execute new binary in container", "cp /bin/busybox /tmp/sleep; /tmp/sleep 0.3", "/tmp/sleep"),
        .init("Read sensitive file untrusted", "/bin/cat /etc/shadow", "file=/etc/shadow"),
        .init("Launch Suspicious Network Tool in Container", "/bin/telnet 127.0.0.1 1 || true", "telnet"),
        .init("Launch Ingress Remote File Copy Tools in Container", "/bin/wget --help || true", "wget"),
        .init("Read environment variable from /proc files", "/bin/cat /proc/1/environ > /dev/null", "/environ"),
        .init("Decoding Payload in Container", "echo aGk= | /bin/base64 -d", "base64"),
        .init("Known Cryptominer Process Executed", "cp /bin/busybox /tmp/xmrig; /tmp/xmrig || true", "xmrig"),
        .init("Write below etc", "echo x > /etc/shrike-e2e", "/etc/shrike-e2e"),
    ]

    /// In a privileged container.
    static let inPrivilegedContainer: [UpstreamAttack] = [
        .init("Linux Kernel Module Injection Detected", "$A module-load", "module-load"),
        .init(
            "Debugfs Launched in Privileged Container", "cp /bin/busybox /tmp/debugfs; /tmp/debugfs || true", "debugfs"),
        .init("Detect release_agent File Container Escapes", "$A open open-create /tmp/release_agent", "release_agent"),
        .init(
            "Mount Launched in Privileged Container", "mkdir -p /tmp/m; /bin/mount -t tmpfs none /tmp/m; umount /tmp/m",
            "mount"),
        .init(
            "Privileged Container Device Access",
            "echo x > /dev/sdshrike", "/dev/sd"),
    ]
}
