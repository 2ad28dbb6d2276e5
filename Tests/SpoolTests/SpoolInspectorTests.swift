import EventModel
import Foundation
import Testing

@testable import Spool

/// What is in a spool, how its outputs change while it is in use, and what an operator does with it.
@Suite struct SpoolInspectorTests {
    let directory = try? SpoolDirectory()

    private func writer(outputs: [String] = ["one"]) throws -> SpoolWriter {
        try SpoolWriter(path: #require(directory).file, limits: SpoolLimits(), outputs: outputs)
    }
    private func reader() throws -> SpoolReader { try SpoolReader(path: #require(directory).file) }
    private func inspector() throws -> SpoolInspector { try SpoolInspector(path: #require(directory).file) }

    private func append(_ numbers: some Sequence<Int>, to writer: SpoolWriter) {
        for number in numbers { writer.append(alert(number)) }
        writer.commit(monotonic: 0, wallClockSeconds: 1_000)
    }

    @Test func `the status counts what waits, for the writer and for an operator`() throws {
        let writer = try writer(outputs: ["one", "two"])
        append(1...10, to: writer)
        let reader = try reader()
        try reader.advance("one", to: 10, delivered: 9)
        try reader.advance("two", to: 4, delivered: 4)
        let expected = [
            OutputProgress(output: "one", position: 10, delivered: 9, rejected: 0, queued: 0),
            OutputProgress(output: "two", position: 4, delivered: 4, rejected: 0, queued: 6),
        ]
        for status in [writer.status(), try inspector().status()] {
            #expect(status.outputs == expected)
            #expect(status.alerts == 6 && status.oldestNanoseconds == 1_000_000_000_000)
            #expect(status.bytes > 1000)
        }
        // What waits in memory waits, too.
        writer.append(alert(11))
        #expect(writer.status().alerts == 7)
        try reader.advance("two", to: 10, delivered: 6)
        writer.commit(monotonic: 5_000_000_000, wallClockSeconds: 1_000)
        #expect(writer.status().alerts == 1)
        #expect(try inspector().status().alerts == 1)
    }

    @Test func `outputs come and go: a new one begins now, a removed one is told of and holds nothing back`() throws {
        let writer = try writer(outputs: ["old", "kept"])
        append(1...5, to: writer)
        writer.change(outputs: ["kept", "new"], limits: SpoolLimits())
        #expect(writer.hasToSetOutputs)
        writer.commit(monotonic: 1, wallClockSeconds: 1_000)
        #expect(!writer.hasToSetOutputs)
        #expect(writer.takeReports(monotonic: 1) == [.removed(output: "old", undelivered: 5)])
        #expect(writer.progress().map(\.output) == ["kept", "new"])
        #expect(writer.progress().map(\.position) == [0, 5])
        append([6], to: writer)
        #expect(
            try reader().alerts(after: reader().position(of: "new"), limit: 9, byteLimit: 999).map(\.rule) == ["rule 6"]
        )
        // Without any output, and with one again.
        writer.change(outputs: [], limits: SpoolLimits())
        writer.commit(monotonic: 2, wallClockSeconds: 1_000)
        writer.change(outputs: ["kept"], limits: SpoolLimits())
        writer.commit(monotonic: 5_000_000_000, wallClockSeconds: 1_000)
        #expect(writer.progress().map(\.position) == [6])
        #expect(try reader().alerts(after: 0, limit: 9, byteLimit: 999).isEmpty)
    }

    @Test func `smaller bounds take effect`() throws {
        let writer = try writer()
        append(1...100, to: writer)
        writer.change(outputs: ["one"], limits: SpoolLimits(bytes: 10_000))
        writer.commit(monotonic: 5_000_000_000, wallClockSeconds: 1_000)
        #expect(writer.lost.map(\.reason) == [.size])
        #expect(writer.status().bytes <= 10_000)
    }

    @Test func `refused alerts are shown, and sent again to their own output only`() throws {
        let writer = try writer(outputs: ["one", "two"])
        append(1...3, to: writer)
        let reader = try reader()
        let found = try reader.alerts(after: 0, limit: 9, byteLimit: 1 << 20)
        try reader.reject("one", found[0], status: 422, reason: "no")
        try reader.reject("two", found[1], status: 400, reason: "never")
        for output in ["one", "two"] { try reader.advance(output, to: 3, delivered: 2) }
        let inspector = try inspector()
        let refused = try inspector.rejected()
        #expect(refused.map(\.output) == ["one", "two"] && refused.map(\.status) == [422, 400])
        #expect(refused.map(\.alert) == Array(found[..<2]))
        #expect(try inspector.rejected(output: "two").map(\.reason) == ["never"])

        #expect(try inspector.retry(output: "none") == 0)
        #expect(try inspector.retry(output: "one") == 1)
        #expect(try inspector.rejected().map(\.output) == ["two"])
        let again = try reader.alerts(after: 3, limit: 9, byteLimit: 1 << 20)
        #expect(again.map(\.output) == ["one"] && again.map(\.key) == [found[0].key])
        #expect(again.map(\.rule) == ["rule 1"] && again.map(\.payload) == [found[0].payload])
        #expect(try inspector.status().outputs.map(\.queued) == [1, 0])

        // The writer sees it, does not give it up for its age, and counts right when it is gone.
        writer.commit(monotonic: 5_000_000_000, wallClockSeconds: 100_000_000)
        #expect(writer.status().outputs.map(\.queued) == [1, 1])
        for output in ["one", "two"] { try reader.advance(output, to: 4, delivered: 1) }
        append([4], to: writer)
        writer.commit(monotonic: 9_000_000_000, wallClockSeconds: 1_000)
        #expect(writer.status().alerts == 1)
    }

    @Test func `alerts refused by an output that is gone stay`() throws {
        let writer = try writer(outputs: ["one"])
        append([1], to: writer)
        let reader = try reader()
        try reader.reject(
            "one", #require(try reader.alerts(after: 0, limit: 1, byteLimit: 1).first), status: 400, reason: "x")
        writer.change(outputs: ["two"], limits: SpoolLimits())
        writer.commit(monotonic: 1, wallClockSeconds: 1_000)
        #expect(try inspector().retry() == 0)
        #expect(try inspector().rejected().count == 1)
    }

    @Test func `a file of the first version is brought to this one with all that is in it`() throws {
        let path = try #require(directory).file
        #expect(FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]))
        do {
            let old = try Database(path: path, busyMilliseconds: 100)
            try old.execute(
                """
                CREATE TABLE alerts(
                  id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL, priority INTEGER NOT NULL, rule TEXT NOT NULL,
                  tags TEXT NOT NULL, source TEXT NOT NULL, key TEXT NOT NULL, payload BLOB NOT NULL);
                CREATE TABLE cursors(
                  output TEXT PRIMARY KEY, position INTEGER NOT NULL, delivered INTEGER NOT NULL, rejected INTEGER NOT NULL
                ) WITHOUT ROWID;
                CREATE TABLE rejected(
                  id INTEGER PRIMARY KEY, output TEXT NOT NULL, alert INTEGER NOT NULL, status INTEGER NOT NULL,
                  reason TEXT NOT NULL, payload BLOB NOT NULL);
                INSERT INTO alerts(time, priority, rule, tags, source, key, payload) VALUES(1, 4, 'r', '', 's', 'k', 'p');
                INSERT INTO cursors VALUES('one', 0, 7, 1);
                INSERT INTO rejected(output, alert, status, reason, payload) VALUES('one', 1, 400, 'x', 'p');
                PRAGMA user_version = 1;
                """)
        }
        #expect(throws: SpoolError.self) { try inspector() }
        let writer = try writer()
        #expect(writer.progress() == [OutputProgress(output: "one", position: 0, delivered: 7, rejected: 1, queued: 1)])
        #expect(try reader().alerts(after: 0, limit: 9, byteLimit: 99).map(\.key) == ["k"])
        #expect(try inspector().retry() == 1)
    }

    @Test func `no file, and one that is none, are told in clear words`() throws {
        #expect(throws: SpoolError.self) { try inspector() }
        let path = try #require(directory).file
        try
            "not a database, but long enough to be taken for one at the first look: \(String(repeating: "x", count: 200))"
            .write(toFile: path, atomically: false, encoding: .utf8)
        do {
            _ = try inspector()
            Issue.record("opened")
        } catch SpoolError.corrupt {}
    }
}
