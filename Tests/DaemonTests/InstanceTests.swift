import EventSources
import Foundation
import Glibc
import Testing

@testable import Daemon

@Suite struct InstanceTests {
    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("shrike-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test(arguments: InstanceRecord.Stage.allCases, [nil, "key=shrike", "key=shrike enabled=0 backlog_limit=64"])
    func `a record is read as it was written`(stage: InstanceRecord.Stage, audit: String?) throws {
        let record = InstanceRecord(
            pid: 42, since: 1_700_000_000_000_000_000, stage: stage,
            audit: try audit.map { try #require(AuditRestoration(text: $0)) }, socket: audit == nil ? nil : 7,
            lost: audit == nil ? nil : 12)
        #expect(InstanceRecord(text: record.text) == record)
    }

    @Test(arguments: [
        "", "shrike 2\npid 1\nsince 1\nstage watching\n", "shrike 1\npid 0\nsince 1\nstage watching\n",
        "shrike 1\npid 1\nsince 1\nstage unheard-of\n", "shrike 1\npid 1\n", "shrike 1\npid -4\nsince 1\nstage ended\n",
        "shrike 1 pid 1", "\0\u{1}\u{2}",
    ])
    func `what is no record is none`(text: String) {
        #expect(InstanceRecord(text: text) == nil)
    }

    @Test func `the second is told who has the lock, and gets it when that one is gone`() throws {
        try Self.withDirectory { directory in
            var first: InstanceLock? = try InstanceLock(key: "k", directory: directory)
            first?.begin(.watching, now: 7)
            first?.note(AuditRestoration(text: "key=k enabled=0"))
            let refusal = #expect(throws: InstanceLock.Refusal.self) {
                try InstanceLock(key: "k", directory: directory)
            }
            guard case .held(let holder) = refusal else {
                Issue.record("\(String(describing: refusal))")
                return
            }
            #expect(holder?.pid == getpid() && holder?.since == 7 && holder?.endsSoon == false)
            #expect(InstanceLock.isHeld(key: "k", directory: directory))
            #expect(InstanceLock.record(key: "k", directory: directory)?.pid == getpid())
            // As after a kill: nothing was put back.
            first = nil
            #expect(!InstanceLock.isHeld(key: "k", directory: directory))
            let second = try InstanceLock(key: "k", directory: directory)
            #expect(second.previous?.audit == AuditRestoration(text: "key=k enabled=0"))
        }
    }

    @Test func `after an end in order nothing is inherited`() throws {
        try Self.withDirectory { directory in
            var first: InstanceLock? = try InstanceLock(key: "k", directory: directory)
            first?.begin(.watching, now: 7)
            first?.note(AuditRestoration(text: "key=k enabled=0"))
            first?.enter(.ending)
            #expect((try? InstanceLock(key: "other", directory: directory)) != nil)
            first?.enter(.ended)
            first = nil
            #expect(!InstanceLock.isHeld(key: "k", directory: directory))
            let second = try InstanceLock(key: "k", directory: directory)
            #expect(second.previous?.stage == .ended && second.previous?.audit == nil)
        }
    }

    @Test func `who takes the lock and does not begin leaves what the one before has left`() throws {
        try Self.withDirectory { directory in
            var first: InstanceLock? = try InstanceLock(key: "k", directory: directory)
            first?.begin(.watching, now: 7)
            first?.note(AuditRestoration(text: "key=k enabled=0"), socket: 5)
            first?.enter(.handedOver)
            first?.note(lost: 3)
            first = nil
            for _ in 0..<2 {
                let second = try InstanceLock(key: "k", directory: directory)
                let previous = try #require(second.previous)
                #expect(previous.stage == .handedOver && previous.socket == 5 && previous.lost == 3)
                // Without a beginning nothing is written.
                second.enter(.ended)
            }
            let third = try InstanceLock(key: "k", directory: directory)
            third.begin(.watching, now: 9)
            let text = try String(contentsOfFile: third.path, encoding: .utf8)
            let record = try #require(InstanceRecord(text: text))
            #expect(record.stage == .watching && record.since == 9 && record.socket == nil && record.lost == nil)
            #expect(record.audit == AuditRestoration(text: "key=k enabled=0"))
        }
    }

    @Test func `only its owner can open the file, and a link is not followed`() throws {
        try Self.withDirectory { directory in
            let lock = try InstanceLock(key: "k", directory: directory)
            var status = stat()
            #expect(stat(lock.path, &status) == 0 && status.st_mode & 0o777 == 0o600)
            #expect(symlink("/dev/null", directory + "/linked.instance") == 0)
            #expect(throws: InstanceLock.Refusal.self) {
                try InstanceLock(key: "linked", directory: directory)
            }
        }
    }
}
