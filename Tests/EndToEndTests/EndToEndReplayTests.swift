import Foundation
import Testing

/// Replaying audit logs: same rules, alerts stamped by the event's own time.
@Suite struct EndToEndReplayTests {
    static let log = """
        type=SYSCALL msg=audit(1700000000.123:101): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffd a2=0 a3=0 items=1 ppid=4200 pid=4242 auid=1000 uid=1000 gid=1000 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts1 ses=3 comm="dropper" exe="/opt/dropper" key="x"
        type=CWD msg=audit(1700000000.123:101): cwd="/opt"
        type=PATH msg=audit(1700000000.123:101): item=0 name="/etc/shadow" inode=1234 dev=fe:00 mode=0100640 ouid=0 ogid=42 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0
        type=PROCTITLE msg=audit(1700000000.123:101): proctitle="./dropper"
        type=EOE msg=audit(1700000000.123:101):

        """

    static let rules = """
        - rule: Shadow read
          desc: test
          condition: evt.type = openat and evt.is_open_read = true and fd.name = /etc/shadow
          output: read (file=%fd.name proc=%proc.name exe=%proc.exepath uid=%user.uid tty=%proc.tty)
          priority: WARNING
        """

    @Test(arguments: ["plain", "gzip", "stdin", "node"])
    func `a log is replayed with the event's own time`(form: String) throws {
        try Command.shell("mkdir -p /tmp/shrike-replay")
        let directory = "/tmp/shrike-replay/\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let text =
            form == "node"
            ? Self.log.split(separator: "\n").map { "node=web1 \($0)\n" }.joined() : Self.log
        try text.write(toFile: "\(directory)/audit.log", atomically: true, encoding: .utf8)
        try Self.rules.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
        let shrike = "\(ShrikeProcess.binary.path) replay -r \(directory)/rules.yaml -o json_output=true"
        let result: (status: Int32, output: String)
        switch form {
        case "gzip": result = try Command.shell("gzip \(directory)/audit.log && \(shrike) \(directory)/audit.log.gz")
        case "stdin": result = try Command.shell("\(shrike) - < \(directory)/audit.log")
        default: result = try Command.shell("\(shrike) \(directory)/audit.log")
        }
        #expect(result.status == 0, "\(result.output)")
        let alerts = result.output.split(separator: "\n").compactMap { EndToEndAlert(line: String($0)) }
        try #require(alerts.count == 1, "\(result.output)")
        #expect(alerts[0].line.contains("\"time\":\"2023-11-14T22:13:20.123000000Z\""))
        #expect(alerts[0].text("fd.name") == "/etc/shadow")
        #expect(alerts[0].text("proc.name") == "dropper")
        #expect(alerts[0].text("proc.exepath") == "/opt/dropper")
    }

    @Test func `windows of repeats are measured in the events' time`() throws {
        try Command.withDirectory { directory in
            let stamps = ["1700000000.123:101", "1700000010.000:102", "1700000050.000:103", "1700000060.123:104"]
            try stamps.map { Self.log.replacingOccurrences(of: stamps[0], with: $0) }.joined().write(
                toFile: "\(directory)/audit.log", atomically: true, encoding: .utf8)
            try Self.rules.write(toFile: "\(directory)/rules.yaml", atomically: true, encoding: .utf8)
            let result = try Command.shell(
                "\(ShrikeProcess.binary.path) replay -r \(directory)/rules.yaml -o json_output=true "
                    + "-o shrike.repeats.window=60s \(directory)/audit.log")
            let alerts = result.output.split(separator: "\n").compactMap { EndToEndAlert(line: String($0)) }
            #expect(alerts.map { $0.text("shrike.repeats") } == [nil, "2", nil], "\(result.output)")
            #expect(alerts.dropFirst().first?.text("shrike.last_time") == "1700000050000000000", "\(result.output)")
        }
    }
}
