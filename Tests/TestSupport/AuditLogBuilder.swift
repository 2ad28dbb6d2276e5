/// Writes audit logs as auditd does, for replay.
public struct AuditLogBuilder {
    /// The log so far.
    public private(set) var text = ""
    private var serial = 100

    /// The process that makes the next events.
    public var pid = 4242
    /// Its parent.
    public var parent = 4000
    /// Its name (`comm`).
    public var name = "x"
    /// Its program.
    public var path = "/usr/bin/x"

    /// An empty log.
    public init() {}

    /// Starts a process: what follows is made by it.
    public mutating func exec(_ path: String, _ arguments: [String], pid: Int, parent: Int) {
        (self.pid, self.parent, self.path) = (pid, parent, path)
        name = String((path.split(separator: "/").last ?? "x").prefix(15))
        let execve = "argc=\(arguments.count)" + arguments.enumerated().map { " a\($0)=\(Self.quoted($1))" }.joined()
        event(
            syscall: 59, "exit=0 a0=55d0 a1=55d1 a2=55d2 a3=8",
            [("EXECVE", execve), ("CWD", "cwd=\"/srv\""), ("PATH", Self.path(0, path, "NORMAL"))])
    }

    /// Opens a file; flags as open(2) has them.
    public mutating func open(_ file: String, flags: Int, succeeds: Bool = true) {
        event(
            syscall: 257, succeeds: succeeds,
            "exit=\(succeeds ? 3 : -13) a0=ffffff9c a1=7ffd a2=\(String(flags, radix: 16)) a3=1b6",
            [("CWD", "cwd=\"/srv\""), ("PATH", Self.path(0, file, "NORMAL"))])
    }

    /// Creates a file by creat(2).
    public mutating func create(_ file: String) {
        event(
            syscall: 85, "exit=3 a0=7ffd a1=1ed a2=0 a3=0",
            [("CWD", "cwd=\"/srv\""), ("PATH", Self.path(0, file, "CREATE"))])
    }

    /// Renames a file.
    public mutating func rename(_ old: String, to new: String) {
        event(
            syscall: 82, "exit=0 a0=7ffd a1=7ffe a2=0 a3=0",
            [
                ("CWD", "cwd=\"/srv\""), ("PATH", Self.path(0, Self.directory(old), "PARENT")),
                ("PATH", Self.path(1, Self.directory(new), "PARENT")), ("PATH", Self.path(2, old, "DELETE")),
                ("PATH", Self.path(3, new, "CREATE")),
            ])
    }

    /// Makes a socket with descriptor 3 and connects it to an IPv4 address.
    public mutating func connect(_ address: [UInt8], port: Int) {
        event(syscall: 41, "exit=3 a0=2 a1=1 a2=0 a3=0", [])
        let bytes = [2, 0, UInt8(port >> 8), UInt8(port & 0xff)] + address + [UInt8](repeating: 0, count: 8)
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
        event(syscall: 42, "exit=0 a0=3 a1=7ffd a2=10 a3=0", [("SOCKADDR", "saddr=\(hex)")])
    }

    /// Puts descriptor 3 in the place of another.
    public mutating func duplicate(onto descriptor: Int) {
        event(syscall: 33, "exit=\(descriptor) a0=3 a1=\(descriptor) a2=0 a3=0", [])
    }

    private mutating func event(
        syscall: Int, succeeds: Bool = true, _ fields: String, _ records: [(type: String, fields: String)]
    ) {
        serial += 1
        let stamp = "msg=audit(1700000000.\(serial):\(serial)):"
        text += "type=SYSCALL \(stamp) arch=c000003e syscall=\(syscall) success=\(succeeds ? "yes" : "no") \(fields)"
        text += " items=\(records.count { $0.type == "PATH" }) ppid=\(parent) pid=\(pid) auid=1000 uid=0 gid=0 euid=0"
        text += " suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=3 comm=\(Self.quoted(name))"
        text += " exe=\(Self.quoted(path)) key=\"shrike\"\n"
        for record in records { text += "type=\(record.type) \(stamp) \(record.fields)\n" }
        text += "type=EOE \(stamp)\n"
    }

    private static func path(_ item: Int, _ name: String, _ kind: String) -> String {
        "item=\(item) name=\(quoted(name)) inode=\(1000 + item) dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 "
            + "nametype=\(kind) cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
    }

    private static func directory(_ path: String) -> String {
        String(path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex))
    }

    /// The kernel writes values with blanks, quotes or controls in hexadecimal.
    private static func quoted(_ value: String) -> String {
        if value.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\"") }) { return "\"\(value)\"" }
        return value.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined()
    }
}
