import EventModel
import Profiles
import TestNode
import Testing

@testable import Learning

/// Who descends from a process that raised an alert teaches nothing, whoever its parent is.
@Suite("Descent of judged processes")
struct JudgingTests {
    private static let service = "unit/nginx.service"
    /// clone(2).
    private static let cloneParent: UInt64 = 0x8000

    private func reasons(_ scene: LearningScene) -> [String: String] {
        let behaviours = scene.profile(Self.service)?.behaviours ?? []
        return Dictionary(uniqueKeysWithValues: behaviours.map { ($0.text, $0.quarantine ?? "known") })
    }

    @Test("A daemon that has got another parent, made before the alert or after it", arguments: [true, false])
    func daemon(isMadeBefore: Bool) {
        let scene = LearningScene(fields: ["novel.exec"])
        let shell = scene.run("/usr/bin/sh", by: 500)
        if !isMadeBefore { scene.take("openat", pid: shell, rule: "Bad read") }
        // Forked twice, as daemons do; both that made it end.
        let middle = scene.fork(shell)
        let daemon = scene.fork(middle)
        if isMadeBefore { scene.take("openat", pid: shell, rule: "Bad read") }
        scene.exit(middle, children: [daemon])
        scene.exit(shell)
        scene.seconds += 300
        scene.run("/usr/bin/curl", by: daemon)
        #expect(reasons(scene) == ["/usr/bin/sh": "Bad read", "/usr/bin/curl": "Bad read"])
        scene.run("/usr/bin/gzip", by: 500)
        #expect(reasons(scene)["/usr/bin/gzip"] == "known")
    }

    @Test("A child that is made its parent's sibling")
    func sibling() {
        let scene = LearningScene(fields: ["novel.exec"])
        let shell = scene.run("/usr/bin/sh", by: 500)
        scene.take("openat", pid: shell, rule: "Bad read")
        let sibling = scene.fork(shell, flags: Self.cloneParent)
        scene.run("/usr/bin/curl", by: sibling)
        #expect(reasons(scene)["/usr/bin/curl"] == "Bad read")
    }

    @Test("However many processes lie between")
    func deep() {
        let scene = LearningScene(fields: ["novel.exec"])
        let shell = scene.run("/usr/bin/sh", by: 500)
        scene.take("openat", pid: shell, rule: "Bad read")
        var last = shell
        for _ in 0..<30 {
            let next = scene.fork(last)
            scene.exit(last, children: [next])
            last = next
        }
        scene.run("/usr/bin/curl", by: last)
        #expect(reasons(scene)["/usr/bin/curl"] == "Bad read")
    }

    @Test("What its children that have ended did is taken back, and what came since does not push it out")
    func takenBack() {
        let scene = LearningScene(fields: ["novel.exec"])
        let shell = scene.run("/usr/bin/sh", by: 500)
        let child = scene.run("/usr/bin/curl", by: shell)
        scene.exit(child)
        for index in 0..<700 { scene.run("/opt/x/\(["a", "b", "c"][index % 3])-\(index / 3)-q", by: 500) }
        scene.take("openat", pid: shell, rule: "Bad read")
        #expect(reasons(scene)["/usr/bin/sh"] == "Bad read")
        #expect(reasons(scene)["/usr/bin/curl"] == "Bad read")
        #expect(scene.learner.counters.takenBack == 1)
    }

    @Test("Many judged processes don't free the first")
    func many() {
        let scene = LearningScene(fields: ["novel.exec"])
        let shell = scene.run("/usr/bin/sh", by: 500)
        scene.take("openat", pid: shell, rule: "Bad read")
        for _ in 0..<300 {
            let other = scene.fork(500)
            scene.take("openat", pid: other, rule: "Other")
            scene.exit(other)
        }
        scene.run("/usr/bin/curl", by: shell)
        #expect(reasons(scene)["/usr/bin/curl"] == "Bad read")
    }
}
