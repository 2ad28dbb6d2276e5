import Foundation
import Glibc
import Testing

/// What an unprivileged user does to stop, slow or mislead the sensor, and what waits when it ends.
@Suite(.serialized, .enabled(if: Command.isRoot, "needs root"))
struct EndToEndBlindingTests {
    private static let rule = "Program run from memory or a temporary directory"
    private static let asNobody = "setpriv --reuid=65534 --regid=65534 --clear-groups"
    private static func json(_ source: String) -> [String] { ["--source", source, "-o", "json_output=true"] }
    private static let sources = ["audit"] + (ShrikeProcess.canUseBPF ? ["ebpf"] : [])

    /// A directory that nobody can write to and whose programs the default rules mean.
    private static func withScene<T>(_ body: (String) throws -> T) throws -> T {
        let path = "/tmp/shrike-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Command.shell("chmod 755 \(path)")
        return try body(path)
    }

    private static func kernelRules() throws -> Int {
        try Command.shell("auditctl -l").output.split(separator: "\n").count { $0.hasPrefix("-") }
    }

    /// A tenth of the events that made the sensor stand still for seconds when it believed in names.
    @Test(.timeLimit(.minutes(2)), arguments: sources)
    func `a user's program that is called runc costs no alert and no rule of the kernel's`(source: String) throws {
        try Self.withScene { scene in
            let count = 40
            try Command.shell(
                """
                cp /bin/true \(scene)/runc
                for i in $(seq \(count)); do
                  mkdir -p \(scene)/b/id$i \(scene)/r/$i/etc \(scene)/r/$i/usr/bin; echo x > \(scene)/r/$i/etc/shadow
                  echo '{"ociVersion":"1.0.0","root":{"path":"'\(scene)/r/$i'"}}' > \(scene)/b/id$i/config.json
                done
                chown -R nobody \(scene)
                """)
            let shrike = try ShrikeProcess(Self.json(source))
            defer { shrike.stop() }
            let before = try Self.kernelRules()
            try Command.shell(
                "for i in $(seq \(count)); do \(Self.asNobody) \(scene)/runc create --bundle \(scene)/b/id$i id$i; done"
            )
            #expect(
                shrike.waits(seconds: 20) {
                    shrike.alerts.count { $0.rule == Self.rule && $0.output.contains("\(scene)/runc") } == count
                })
            #expect(try Self.kernelRules() == before)
            #expect(!shrike.standardError.contains("stood still"))
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: sources)
    func `what a user's runtime starts is the host's, whatever its bundle says`(source: String) throws {
        try Self.withScene { scene in
            // A runtime that starts what lies beside it.
            try Command.shell(
                """
                cat > \(scene)/r.c <<'C'
                #include <sys/wait.h>
                #include <unistd.h>
                int main(int c, char **v) {
                    if (!fork()) execl("\(scene)/tool", "tool", (char *)0);
                    wait(0);
                    return 0;
                }
                C
                cc -o \(scene)/runc \(scene)/r.c; cp /bin/true \(scene)/tool; mkdir -p \(scene)/k8s.io/forged
                cat > \(scene)/k8s.io/forged/config.json <<'J'
                {"ociVersion":"1.0.2","root":{"path":"/var/tmp/rf"},"annotations":{
                "io.kubernetes.cri.container-name":"forged-etcd","io.kubernetes.cri.image-name":"registry.example/etcd:3.5",
                "io.kubernetes.cri.sandbox-name":"forged-etcd","io.kubernetes.cri.sandbox-namespace":"kube-system",
                "io.kubernetes.cri.container-type":"container"}}
                J
                chown -R nobody \(scene)
                """)
            let shrike = try ShrikeProcess(Self.json(source))
            defer { shrike.stop() }
            try Command.shell("\(Self.asNobody) \(scene)/runc create --bundle \(scene)/k8s.io/forged forged")
            try Command.shell("for i in 1 2 3; do \(Self.asNobody) \(scene)/runc exec forged; done")
            func tools() -> [EndToEndAlert] { shrike.alerts.filter { $0.text("proc.exepath") == "\(scene)/tool" } }
            #expect(shrike.waits(seconds: 20) { tools().count >= 4 }, "\(tools().count) of 4")
            #expect(
                tools().allSatisfy { !$0.line.contains("forged-etcd") && $0.text("container.id") ?? "host" == "host" })
        }
    }

    @Test(.timeLimit(.minutes(2)), .enabled(if: access("/dev/fuse", R_OK) == 0, "needs /dev/fuse"), arguments: sources)
    func `a bundle on a mount that never answers holds up neither detection nor the end`(source: String) throws {
        try Self.withScene { scene in
            try Command.shell("cp /bin/true \(scene)/runc; mkdir \(scene)/hung; chown nobody \(scene)/runc")
            let server = try HungServer("\(scene)/hung")
            defer { server.end() }
            let shrike = try ShrikeProcess(Self.json(source))
            defer { shrike.stop() }
            try Command.shell("timeout 10 \(Self.asNobody) \(scene)/runc create --bundle \(scene)/hung/b x1")
            try Command.shell("for i in 1 2 3; do cat /etc/shadow > /dev/null; done")
            func reads() -> Int {
                shrike.alerts.count { $0.text("fd.name") == "/etc/shadow" && $0.text("proc.name") == "cat" }
            }
            #expect(shrike.waits(seconds: 20) { reads() >= 3 }, "\(reads()) of 3")
            let start = Date()
            kill(shrike.pid, SIGTERM)
            #expect(shrike.waits(seconds: 10) { !shrike.isRunning })
            // What is promised for the end.
            #expect(Date().timeIntervalSince(start) < 3)
        }
    }

    /// Links lead into the mount, too; a second one comes while it watches.
    @Test(
        .timeLimit(.minutes(2)), .enabled(if: access("/dev/fuse", R_OK) == 0, "needs /dev/fuse"),
        arguments: sources + ["proc"])
    func `a mount that never answers below a place that a rule names holds up nothing, and is told`(
        source: String
    ) throws {
        try Self.withScene { scene in
            try Command.shell(
                """
                mkdir -p \(scene)/d/hung \(scene)/d/later \(scene)/d/deep; echo x > \(scene)/d/plain
                ln -s \(scene)/d/hung/secret \(scene)/d/way; ln -s ../hung/a/b \(scene)/d/deep/way
                cat > \(scene)/rules.yaml <<'R'
                - {rule: Below, desc: d, condition: "evt.type in (open, openat, openat2) and fd.name startswith \(scene)/d/",
                   output: "%fd.name %proc.name", priority: WARNING}
                - {rule: Named, desc: d, condition: "evt.type in (open, openat, openat2) and fd.name in (\(scene)/d/hung/x,
                   \(scene)/d/way)", output: "%fd.name", priority: WARNING}
                R
                """)
            let first = try HungServer("\(scene)/d/hung")
            defer { first.end() }
            let shrike = try ShrikeProcess(Self.json(source) + ["-r", "\(scene)/rules.yaml"])
            defer { shrike.stop() }
            func reads(_ program: String) -> Int {
                shrike.alerts.count { $0.text("fd.name") == "\(scene)/d/plain" && $0.text("proc.name") == program }
            }
            // Both live on: fanotify tells a program's id alone.
            try Command.shell("timeout 1 tail -f \(scene)/d/plain > /dev/null || true")
            #expect(shrike.waits(seconds: 20) { reads("tail") >= 1 }, "\(shrike.standardError)")
            func told(_ path: String) -> Int {
                shrike.alerts.count { $0.line.contains("\(path) is a file system that a program answers for") }
            }
            // The programs of eBPF see what is done there like anything else: nothing is looked up for them.
            if source != "ebpf" {
                #expect(shrike.waits(seconds: 20) { told("\(scene)/d/hung") >= 1 }, "\(shrike.standardError)")
            }
            let second = try HungServer("\(scene)/d/later")
            defer { second.end() }
            try Command.shell("sleep 2; perl -e 'open F, $ARGV[0] or die; sleep 1' \(scene)/d/plain")
            #expect(shrike.waits(seconds: 20) { reads("perl") >= 1 }, "\(shrike.standardError)")
            #expect(told("\(scene)/d/hung") == (source == "ebpf" ? 0 : 1))
            #expect(!shrike.standardError.contains("stood still"))
            let start = Date()
            kill(shrike.pid, SIGTERM)
            #expect(shrike.waits(seconds: 10) { !shrike.isRunning })
            #expect(Date().timeIntervalSince(start) < 3)
        }
    }

    /// The server of a file system that never answers, and the mount.
    private final class HungServer {
        private let path: String
        private let server = Process()

        init(_ path: String) throws {
            self.path = path
            let script = try #require(
                Bundle.module.url(forResource: "hung_mount", withExtension: "py", subdirectory: "Programs"))
            server.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            server.arguments = ["python3", script.path, path]
            try server.run()
            #expect(
                MarkerScene.wait(10) {
                    (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8))?.contains("\(path) ") == true
                })
        }

        func end() {
            // The threads that tests run on block SIGTERM, and children inherit that.
            kill(server.processIdentifier, SIGKILL)
            server.waitUntilExit()
            _ = try? Command.shell("umount -l \(path)")
        }
    }

    /// What waits in the kernel when it is told to end is worked off, or counted.
    @Test(.timeLimit(.minutes(2)), arguments: sources)
    func `events that wait at the end are told or counted`(source: String) throws {
        try Self.withScene { scene in
            let count = 500
            try Command.shell("cp /bin/true \(scene)/waiting")
            let shrike = try ShrikeProcess(Self.json(source))
            kill(shrike.pid, SIGSTOP)
            try Command.shell("for i in $(seq \(count)); do \(scene)/waiting $i; done")
            kill(shrike.pid, SIGTERM)
            kill(shrike.pid, SIGCONT)
            #expect(shrike.waits(seconds: 20) { !shrike.isRunning })
            shrike.stop()
            let told = shrike.alerts.count { $0.rule == Self.rule && $0.output.contains("\(scene)/waiting") }
            let isLossTold = !shrike.standardError.contains("Dropped: nothing")
            let rules = Dictionary(grouping: shrike.alerts, by: \.rule).mapValues(\.count)
            #expect(told == count || isLossTold, "\(told) of \(count), \(rules): \(shrike.standardError)")
            #expect(told > 0)
        }
    }

    /// Thousands of connections made an exec or a connect cost what reading all of /proc/PID/net does.
    @Test(.timeLimit(.minutes(2)), arguments: sources)
    func `a user who holds thousands of connections delays nobody's alert`(source: String) throws {
        try Self.withScene { scene in
            let shrike = try ShrikeProcess(Self.json(source))
            defer { shrike.stop() }
            let script = try #require(
                Bundle.module.url(forResource: "hold_connections", withExtension: "py", subdirectory: "Programs"))
            try Command.shell("cp \(script.path) \(scene)/hold.py; chmod 755 \(scene)/hold.py")
            let holder = Process()
            let (input, output) = (Pipe(), Pipe())
            holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            holder.arguments =
                Self.asNobody.split(separator: " ").map(String.init) + ["/usr/bin/python3", "\(scene)/hold.py", "4000"]
            (holder.standardInput, holder.standardOutput) = (input, output)
            try holder.run()
            defer {
                try? input.fileHandleForWriting.close()
                holder.waitUntilExit()
            }
            let held = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
            #expect(held.hasPrefix("4000"))
            for index in 1...5 {
                let before = shrike.alerts.count { $0.text("fd.name") == "/etc/shadow" }
                try Command.shell("cat /etc/shadow > /dev/null")
                #expect(
                    shrike.waits(seconds: 5) { shrike.alerts.count { $0.text("fd.name") == "/etc/shadow" } > before },
                    "read \(index)")
            }
        }
    }

    private func mounts() -> String { (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? "" }
}
