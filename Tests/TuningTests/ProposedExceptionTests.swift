import Testing

@testable import Tuning

/// What an exception rests on, and when there is none.
@Suite struct ProposedExceptionTests {
    private static let backup = [
        "proc.exepath": "/usr/sbin/backup", "proc.pexepath": "/usr/lib/systemd/systemd", "fd.name": "/etc/shadow",
        "user.uid": "0", "proc.cmdline": "backup --run 20261129", "proc.pid": "812", "evt.time": "1",
        "proc.pname": "systemd",
    ]

    private static func alerts(_ changes: [[String: String]], of base: [String: String] = backup) -> [RaisedAlert] {
        changes.map { RaisedAlert(rule: "Shadow read", fields: base.merging($0) { $1 }) }
    }

    private static func comparisons(_ alerts: [RaisedAlert]) throws -> [String: ExceptionComparison.Test] {
        let exception = try ProposedException(covering: alerts)
        return Dictionary(uniqueKeysWithValues: exception.comparisons.map { ($0.field, $0.test) })
    }

    @Test func `of one alert all that says who did what to what, and no number of its own`() throws {
        #expect(
            try Self.comparisons(Self.alerts([[:]])) == [
                "proc.exepath": .equals("/usr/sbin/backup"), "proc.pexepath": .equals("/usr/lib/systemd/systemd"),
                "fd.name": .equals("/etc/shadow"), "user.uid": .equals("0"), "proc.pname": .equals("systemd"),
            ])
    }

    @Test func `what differs between alerts is listed, is a directory, or is left open`() throws {
        let files = (1...9).map { ["fd.name": "/home/\($0)/.ssh/id_rsa", "proc.pname": "w\($0)"] }
        #expect(
            try Self.comparisons(Self.alerts(Array(files.prefix(2))))["fd.name"]
                == .isOneOf(["/home/1/.ssh/id_rsa", "/home/2/.ssh/id_rsa"]))
        // Of nine homes only the root is common, which says nothing.
        let open = try Self.comparisons(Self.alerts(files))
        #expect(open["fd.name"] == nil && open["proc.pname"] == nil && open["user.uid"] == .equals("0"))
        let below = (1...9).map { ["fd.name": "/etc/ssl/private/\($0).key"] }
        #expect(try Self.comparisons(Self.alerts(below))["fd.name"] == .isBelow("/etc/ssl/private/"))
        let public_ = (1...9).map { ["fd.name": "/var/tmp/x/\($0)"] }
        #expect(try Self.comparisons(Self.alerts(public_))["fd.name"] == nil)
    }

    /// An exception by such things would be one for everybody.
    @Test(arguments: [
        ["proc.exepath": "/tmp/backup"], ["proc.exepath": "/dev/shm/x"], ["proc.exepath": "memfd:x"],
        ["proc.exepath": "/usr/bin/x (deleted)"], ["proc.exepath": "<NA>"], ["proc.exepath": ""],
        ["proc.exepath": "/usr/bin/bash"], ["proc.exepath": "/usr/bin/python3.11"],
        ["proc.exepath": "/usr/bin/busybox"],
        ["proc.exepath": "/lib64/ld-linux-x86-64.so.2"], ["proc.exepath": "/usr/bin/sudo"],
    ])
    func `there is none for a program that anybody can be`(_ change: [String: String]) {
        #expect(throws: ProposedException.Refusal.self) {
            try ProposedException(covering: Self.alerts([change]))
        }
    }

    @Test func `a shell's exception rests on its command line`() throws {
        let change = ["proc.exepath": "/usr/bin/bash", "proc.cmdline": "bash /usr/local/bin/nightly"]
        let exception = try ProposedException(covering: Self.alerts([change]))
        #expect(exception.covers(Self.alerts([change])[0]))
        #expect(!exception.covers(Self.alerts([change, ["proc.exepath": "/usr/bin/bash"]])[1]))
    }

    @Test func `without the program's path there is none but by request`() throws {
        let alert = RaisedAlert(rule: "r", fields: ["proc.pname": "cron", "fd.name": "/etc/shadow"])
        #expect(throws: ProposedException.Refusal.self) { try ProposedException(covering: [alert]) }
        let asked = try ProposedException(covering: [alert], fields: ["fd.name"])
        #expect(asked.comparisons == [ExceptionComparison(field: "fd.name", test: .equals("/etc/shadow"))])
        for field in ["proc.pid", "fs.path.name"] {
            #expect(throws: ProposedException.Refusal.self) {
                try ProposedException(covering: [alert], fields: [field])
            }
        }
    }

    /// What a process calls itself must not become part of a rule.
    @Test(arguments: ["a\"b", "a\\b", "a\nb: c", "a\u{FFFD}", String(repeating: "a", count: 2000)])
    func `a value that can't be written is none to rest on`(_ value: String) throws {
        #expect(try Self.comparisons(Self.alerts([["fd.name": value]]))["fd.name"] == nil)
    }

    @Test func `it is written as a rules file of both engines`() throws {
        var exception = try ProposedException(
            covering: Self.alerts([["fd.name": "/etc/a b"], ["fd.name": "/etc/shadow"]]))
        #expect(exception.rulesFile(owner: "o", expiry: nil).contains("fields: [proc.exepath.trusted, "))
        exception.asksForTrust = false
        let text = exception.rulesFile(owner: "ops team", expiry: 1_798_675_200_000_000_000)
        #expect(
            text.contains(
                """
                      fields: [proc.exepath, proc.pexepath, fd.name, user.uid, proc.cmdline, proc.pname, evt.rawtime]
                      comps: [=, =, in, =, =, =, <]
                """))
        #expect(text.contains(#"["\"/etc/a b\"", "\"/etc/shadow\""], 0, "\"backup --run 20261129\"", "\"systemd\""#))
        #expect(text.contains(", 1798675200000000000]  # holds for what happens before 2026-12-31\n"))
        #expect(text.contains("name: \"ops_team_until_2026-12-31_"))
    }
}

/// Alerts as outputs wrote them.
@Suite struct RaisedAlertTests {
    @Test func `lines that are alerts are taken and others counted`() {
        let text = """
            {"rule":"a","output_fields":{"fd.name":"/x","user.uid":0,"proc.tty":null}}
            12:00:00.0: Warning something
            {"rule":"b"}
            {"rule":"c","output_fields":{}}
            """
        let read = RaisedAlert.all(in: Array(text.utf8))
        #expect(read.alerts.map(\.rule) == ["a", "c"] && read.otherLines == 2)
        #expect(read.alerts.first?.fields == ["fd.name": "/x", "user.uid": "0"])
    }

    @Test func `one alert may go over several lines`() {
        let text = "{\n \"rule\": \"a\",\n \"output_fields\": {\"fd.name\": \"/x\"}\n}\n"
        #expect(RaisedAlert.all(in: Array(text.utf8)).alerts.count == 1)
    }
}
