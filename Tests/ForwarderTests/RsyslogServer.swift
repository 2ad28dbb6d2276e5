import Foundation

/// A real rsyslogd on the loopback interface that takes UDP, TCP and TLS and writes what it understood of each message.
final class RsyslogServer {
    /// A message as rsyslogd parsed it.
    struct Message {
        let facility: String
        let severity: String
        let time: String
        let hostName: String
        let appName: String
        let processID: String
        let messageID: String
        let structuredData: String
        let text: String

        /// The number of its alert.
        var number: Int? { text.firstMatch(of: /rule":"rule (\d+)"|^ ?line (\d+)/).flatMap { Int($0.1 ?? $0.2 ?? "") } }
        /// The key of its alert.
        var key: String? { structuredData.firstMatch(of: /key="([^"]+)"/).map { String($0.1) } }
    }

    static let program = "/usr/sbin/rsyslogd"
    /// Whether it and its TLS driver are installed.
    static var isInstalled: Bool {
        FileManager.default.isExecutableFile(atPath: program)
            && ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"].contains {
                FileManager.default.fileExists(atPath: "\($0)/rsyslog/lmnsd_ossl.so")
            }
    }

    let udp: Int
    let tcp: Int
    let tls: Int
    /// Its socket for programs of this node.
    var socketPath: String { directory + "/log" }
    private let directory: String
    private var process: Process?

    /// A server whose files are in `directory`, with the certificates that are there; not started yet.
    init(_ directory: String) throws {
        self.directory = directory
        let ports = try Self.freePorts(3)
        (udp, tcp, tls) = (ports[0], ports[1], ports[2])
        let fields = [
            "syslogfacility-text", "syslogseverity-text", "timereported:::date-rfc3339", "hostname", "app-name",
            "procid",
            "msgid", "structured-data", "msg",
        ]
        try """
        global(workDirectory="\(directory)" maxMessageSize="64k" localHostname="server"
               defaultNetstreamDriverCAFile="\(directory)/ca.crt"
               defaultNetstreamDriverCertFile="\(directory)/server.crt"
               defaultNetstreamDriverKeyFile="\(directory)/server.key")
        module(load="imudp")
        module(load="imtcp")
        template(name="parts" type="string" string="\(fields.map { "%\($0)%" }.joined(separator: "\\t"))\\n")
        module(load="imuxsock" SysSock.Use="off")
        ruleset(name="unix") { action(type="omfile" file="\(directory)/unix" template="parts") }
        ruleset(name="udp") { action(type="omfile" file="\(directory)/udp" template="parts") }
        ruleset(name="tcp") { action(type="omfile" file="\(directory)/tcp" template="parts") }
        ruleset(name="tls") { action(type="omfile" file="\(directory)/tls" template="parts") }
        input(type="imuxsock" Socket="\(directory)/log" useSpecialParser="off" IgnoreTimestamp="off" ruleset="unix")
        input(type="imudp" address="127.0.0.1" port="\(udp)" ruleset="udp")
        input(type="imtcp" address="127.0.0.1" port="\(tcp)" ruleset="tcp")
        input(type="imtcp" address="127.0.0.1" port="\(tls)" ruleset="tls" streamDriver.name="ossl"
              streamDriver.mode="1" streamDriver.authMode="x509/name" permittedPeer="client")
        """.write(toFile: directory + "/rsyslog.conf", atomically: true, encoding: .utf8)
    }

    deinit { stop(SIGKILL) }

    /// Starts it, and waits until it listens.
    func start() throws {
        let process = Process()
        // Threads of the test runner block all signals, and a child inherits that: it would not see SIGTERM.
        let unblock =
            "import os, signal, sys; signal.pthread_sigmask(signal.SIG_SETMASK, []); os.execv(sys.argv[1], sys.argv[1:])"
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", unblock, Self.program, "-n", "-iNONE", "-f", directory + "/rsyslog.conf"]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(forWritingAtPath: "/dev/null")
        try process.run()
        self.process = process
        let end = Date().addingTimeInterval(10)
        while Date() < end, !Self.listens(tls) || !Self.listens(tcp) { usleep(20_000) }
    }

    /// Ends it: SIGTERM in order, SIGKILL at once.
    func stop(_ signal: Int32 = SIGTERM) {
        guard let process else { return }
        if process.isRunning { kill(process.processIdentifier, signal) }
        process.waitUntilExit()
        self.process = nil
    }

    /// Lets it stand still, or go on.
    func freeze(_ isFrozen: Bool) {
        if let process { kill(process.processIdentifier, isFrozen ? SIGSTOP : SIGCONT) }
    }

    /// What came by `udp`, `tcp`, `tls` or `unix`, in order.
    func messages(_ way: String) -> [Message] {
        let text = (try? String(contentsOfFile: "\(directory)/\(way)", encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 9 else { return nil }
            return Message(
                facility: parts[0], severity: parts[1], time: parts[2], hostName: parts[3], appName: parts[4],
                processID: parts[5], messageID: parts[6], structuredData: parts[7], text: parts[8])
        }
    }

    /// How many messages came; cheaper than looking at them.
    func count(_ way: String) -> Int {
        FileManager.default.contents(atPath: "\(directory)/\(way)")?.count { $0 == UInt8(ascii: "\n") } ?? 0
    }

    /// The numbers of the alerts that came, in order.
    func numbers(_ way: String) -> [Int] { messages(way).compactMap(\.number) }

    private static func listens(_ port: Int) -> Bool {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        return withAddress(port) { connect(descriptor, $0, $1) == 0 }
    }

    /// Ports that nobody has, neither for TCP nor for UDP.
    /// Below those that the kernel gives to sockets that ask for none (ip_local_port_range): one that is free stays so.
    private static func freePorts(_ count: Int) throws -> [Int] {
        var descriptors: [Int32] = []
        defer { for descriptor in descriptors { close(descriptor) } }
        var ports: [Int] = []
        for candidate in (10_000...32_000).shuffled() where ports.count < count {
            let stream = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            let datagrams = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
            descriptors += [stream, datagrams]
            let isFree = withAddress(candidate) { bind(stream, $0, $1) == 0 && bind(datagrams, $0, $1) == 0 }
            if isFree { ports.append(candidate) }
        }
        return ports
    }

    private static func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Bool) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
