import EventModel
import RuleLanguage
import SeededRandom
import Testing

@testable import RuleEngine

@Suite struct CorrelationTests {
    private static let download = (
        name: "download", condition: "evt.type = openat and evt.is_open_write = true and proc.name in (curl, wget)"
    )
    private static let run = (name: "run", condition: "evt.type = execve and fd.name exists")
    private static let downloaded: [String: TestValue] = [
        "proc.name": "curl", "evt.is_open_write": true, "user.name": "ann", "fd.name": "/tmp/x",
        "proc.vpid": .signed(-7), "fd.sip": .address("10.0.0.1"), "t.words": ["a", "b c"], "t.double": .double(1.5),
    ]

    @Test func `a sequence shows the fields of each of its events`() throws {
        var scene = try CorrelationScene(
            correlationText(
                "download then run in 60s by user.name", events: [Self.download, Self.run],
                output:
                    "%proc.name ran %fd.name; %download.proc.name (%download.proc.vpid, %download.fd.sip, %download.t.words, "
                    + "%download.t.double, %download.user.uid) wrote %download.fd.name %toupper(download.proc.name) at "
                    + "%correlation.first, %correlation.count events, %run.fd.name"))
        #expect(scene.take(seconds(1), Self.downloaded) == [])
        #expect(scene.take(seconds(2), ["fd.name": "/bin/ls", "user.name": "bob"], type: "execve") == [])
        let end: [String: TestValue] = ["proc.name": "sh", "fd.name": "/tmp/x", "user.name": "ann"]
        #expect(scene.take(seconds(3), end, type: "execve") == ["c"])
        #expect(
            scene.messages == [
                "sh ran /tmp/x; curl (-7, 10.0.0.1, (a,b c), 1.5, <NA>) wrote /tmp/x CURL at "
                    + "2001-09-09T01:46:41.000000000Z, 2 events, /tmp/x"
            ])
        let alert = try #require(scene.alerts.first)
        let keys = alert.fields.map(\.key)
        #expect(keys.contains("download.proc.name") && keys.contains("proc.name") && keys.contains("run.fd.name"))
        #expect(
            alert.fields.first { $0.key == "download.t.words" }?.value
                == .list([.string([97]), .string([98, 32, 99])]))
        #expect(alert.number("correlation.first") == seconds(1) && alert.number("correlation.lost") == 0)
    }

    @Test func `text that is longer than the memory for it is cut, and what comes behind it is kept`() throws {
        var scene = try CorrelationScene(
            correlationText(
                "download then run in 60s", events: [Self.download, Self.run],
                output: "%download.fd.name|%download.proc.vpid"))
        var first = Self.downloaded
        first["fd.name"] = .text(String(repeating: "x", count: 5000))
        scene.take(seconds(1), first)
        scene.take(seconds(2), ["fd.name": "/tmp/x"], type: "execve")
        let parts = try #require(scene.messages.first).split(separator: "|")
        #expect(parts.count == 2 && parts[1] == "-7")
        #expect(parts[0].allSatisfy { $0 == "x" } && (200...400).contains(parts[0].count))
    }

    private static let burst = correlationText(
        "count(a, proc.name) >= 3 in 60s by user.name", events: [("a", "evt.type = openat and proc.name exists")],
        output: "%user.name %proc.name")

    @Test func `it fires once, rests for the window and begins anew`() throws {
        var scene = try CorrelationScene(Self.burst)
        func alerts(_ scene: inout CorrelationScene, _ time: UInt64, _ name: String) -> Bool {
            scene.take(seconds(time), ["proc.name": .text(name), "user.name": "ann"]) == ["c"]
        }
        var fired: [UInt64] = []
        for time: UInt64 in stride(from: 0, through: 200, by: 10)
        where alerts(&scene, time, "p\(time / 10)") { fired.append(time) }
        // The third at 20, then a rest until 80, the third behind that at 100.
        #expect(fired == [20, 100, 180])
        let counters = try #require(scene.correlator.counters.first).counters
        #expect(counters.events == 21 && counters.resting > 0 && counters.keys == 1)
    }

    @Test func `what has no key or no value is joined to nothing, and counted`() throws {
        var scene = try CorrelationScene(Self.burst)
        for name in ["x", "y", "z"] {
            scene.take(seconds(1), ["proc.name": .text(name)])
            scene.take(seconds(1), ["proc.name": .text(name), "user.name": "<NA>"])
        }
        #expect(scene.alerts.isEmpty)
        #expect(scene.correlator.counters.first?.counters.unknown == 6)
    }

    @Test func `keys of different nodes are different keys`() throws {
        var scene = try CorrelationScene(Self.burst)
        for (name, node) in [("x", "n1"), ("y", "n2"), ("z", nil)] {
            scene.take(seconds(1), ["proc.name": .text(name), "user.name": "ann"], node: node)
        }
        #expect(scene.alerts.isEmpty)
    }

    @Test(arguments: [MatchMode.first, .all])
    func `a rule that matches takes no event from a correlation, nor a correlation one from a rule`(
        _ mode: MatchMode
    ) throws {
        let rules =
            ruleText("evt.type = openat and proc.name = x", name: "before") + "\n"
            + Self.burst + ruleText("evt.type = openat and proc.name = z", name: "after")
        var scene = try CorrelationScene(rules, mode: mode)
        let found = ["x", "y", "z"].map {
            scene.take(seconds(1), ["proc.name": .text($0), "user.name": "ann"]).sorted()
        }
        #expect(found == [["before"], [], ["after", "c"]])
    }

    @Test func `an event that goes by several names counts once`() throws {
        var scene = try CorrelationScene(
            correlationText("count(a) >= 3 in 60s", events: [("a", "evt.type = openat and fd.name startswith /e")]))
        for (time, name, isSame) in [(1, "/e", false), (1, "/e2", true), (1, "/e3", true), (2, "/e", false)] {
            scene.take(seconds(UInt64(time)), ["fd.name": .text(name)], isSame: isSame)
        }
        #expect(scene.alerts.isEmpty)
        #expect(scene.take(seconds(3), ["fd.name": "/e"]) == ["c"])
    }

    @Test func `an alert says how many events were lost since its first event`() throws {
        var scene = try CorrelationScene(Self.burst)
        scene.correlator.noteLoss(5, timeNanoseconds: seconds(1))
        for (time, name) in [(2, "x"), (10, "y"), (12, "z")] {
            if time == 10 {
                scene.correlator.noteLoss(7, timeNanoseconds: seconds(5))
                scene.correlator.noteLoss(1, timeNanoseconds: seconds(8))
            }
            scene.take(seconds(UInt64(time)), ["proc.name": .text(name), "user.name": "ann"])
        }
        #expect(scene.messages == ["ann z (8 events were lost meanwhile)"])
        #expect(scene.alerts.first?.number("correlation.lost") == 8)
    }

    @Test func `losses of long ago are kept as one, and rather told too often`() {
        var losses = LossLog()
        for time: UInt64 in 0..<200 { losses.add(1, at: seconds(time * 2)) }
        #expect(losses.count(since: seconds(300)) == 50)
        #expect(losses.count(since: seconds(399)) == 0)
        #expect(losses.count(since: 0) == 200)
        #expect(losses.count(since: seconds(260)) >= 70)
    }

    // MARK: Bounds

    @Test func `who makes many keys pushes out own ones only, and they are counted`() throws {
        let outcomes = try (2...4).map { try outcomeOfFlood(by: $0) }
        #expect(outcomes.contains { $0.isVictimKept })
        for outcome in outcomes {
            #expect(outcome.keys == 4096 && outcome.isNewestKept && !outcome.isOldestKept)
            #expect(outcome.keysPushedOut >= 10_001 - 4096)
        }
    }

    /// What remains of one user's key and of another's when that one makes thousands. Both may share a place: one in 64 does.
    private func outcomeOfFlood(by uid: UInt64) throws -> (
        isVictimKept: Bool, isNewestKept: Bool, isOldestKept: Bool, keys: Int, keysPushedOut: UInt64
    ) {
        var scene = try CorrelationScene(
            correlationText(
                "count(a) >= 2 in 1h by fd.name", events: [("a", "evt.type = openat and fd.name exists")],
                output: "%fd.name"))
        func open(_ scene: inout CorrelationScene, _ name: String, uid: UInt64) -> Bool {
            scene.take(seconds(1), ["fd.name": .text(name), "user.uid": .unsigned(uid)]) == ["c"]
        }
        #expect(!open(&scene, "victim", uid: 1))
        for number in 0..<10_000 { #expect(!open(&scene, "flood\(number)", uid: uid)) }
        let isVictimKept = open(&scene, "victim", uid: 1)
        let isNewestKept = open(&scene, "flood9999", uid: uid)
        let isOldestKept = open(&scene, "flood0", uid: uid)
        let counters = try #require(scene.correlator.counters.first).counters
        return (isVictimKept, isNewestKept, isOldestKept, counters.keys, counters.keysPushedOut)
    }

    /// Owners are told apart by a hash that is another one in each process: one in 64 shares the victim's place, hence three of them.
    @Test(arguments: [
        (
            [1000, 1001, 1002].map {
                ["container.id": "host", "proc.tree.loginuid": .signed($0)] as [String: TestValue]
            },
            true
        ),
        (["3f1c", "4a2d", "5b3e"].map { ["container.id": .text($0), "proc.tree.loginuid": .signed(-1)] }, true),
        ([["container.id": "host", "proc.tree.loginuid": .signed(-1)]], false),
    ])
    func `ids of a login or a container are one owner`(_ owners: [[String: TestValue]], _ isOne: Bool) throws {
        #expect(try owners.contains { try survivesFlood(of: $0) } == isOne)
    }

    /// Whether one user's count goes on while thousands of keys are made by another owner.
    private func survivesFlood(of values: [String: TestValue]) throws -> Bool {
        var scene = try CorrelationScene(
            correlationText(
                "count(a) >= 2 in 1h by fd.name", events: [("a", "evt.type = openat and fd.name exists")]))
        scene.take(seconds(1), ["fd.name": "victim", "user.uid": .unsigned(1), "container.id": "host"])
        for number in 0..<6000 {
            var event = values
            event["fd.name"] = .text("flood\(number)")
            event["user.uid"] = .unsigned(UInt64(100_000 + number))
            scene.take(seconds(1), event)
        }
        return scene.take(seconds(1), ["fd.name": "victim", "user.uid": .unsigned(1), "container.id": "host"]) == ["c"]
    }

    @Test func `a key whose time is over makes room before any other`() throws {
        var table = KeyTable(limit: 2, window: 10)
        func insert(_ number: UInt64, _ owner: UInt8, _ time: UInt64) {
            _ = table.insert(Fingerprint(high: number, low: number), owner: owner, at: time)
        }
        insert(1, 0, 100)
        insert(2, 1, 89)
        insert(3, 0, 100)
        #expect(table.pushedOut == 0 && table.find(Fingerprint(high: 2, low: 2)) == nil)
        #expect(table.find(Fingerprint(high: 1, low: 1)) != nil)
        insert(4, 1, 100)
        #expect(table.pushedOut == 1 && table.find(Fingerprint(high: 1, low: 1)) == nil)
    }

    @Test func `a table is what a dictionary with queues is`() throws {
        var table = KeyTable(limit: 40, window: .max)
        var queues: [[UInt64]] = Array(repeating: [], count: 4)
        var random = SeededGenerator.fromEnvironment()
        let seed = random.seed
        for _ in 0..<20_000 {
            let key = UInt64.random(in: 0..<100, using: &random)
            let fingerprint = Fingerprint(high: key, low: key % 8)
            let owner = Int(key % 4)
            if let index = table.find(fingerprint) {
                #expect(queues[owner].contains(key), "seed \(seed)")
                table.touch(index)
                queues[owner].removeAll { $0 == key }
            } else {
                #expect(!queues[owner].contains(key), "seed \(seed)")
                if queues.reduce(0, { $0 + $1.count }) == 40 {
                    let largest = queues.indices.max { (queues[$0].count, $1) < (queues[$1].count, $0) } ?? 0
                    queues[largest].removeFirst()
                }
                _ = table.insert(fingerprint, owner: UInt8(owner), at: 1)
            }
            queues[owner].append(key)
        }
    }

    // MARK: Reload

    @Test func `what is remembered of a correlation goes over to the same one, and to no other`() throws {
        for (other, isSame) in [(Self.burst, true), (Self.burst.replacing("60s", with: "61s"), false)] {
            var old = try CorrelationScene(Self.burst)
            for name in ["x", "y"] { old.take(seconds(1), ["proc.name": .text(name), "user.name": "ann"]) }
            var new = try CorrelationScene(ruleText("evt.type = open", name: "r") + "\n" + other)
            new.correlator.takeMemory(of: old.correlator)
            #expect((new.take(seconds(2), ["proc.name": "z", "user.name": "ann"]) == ["c"]) == isSame)
        }
    }

    // MARK: What sources are asked for

    @Test func `sources and filters are asked for the events of correlations`() throws {
        var loaded = load(
            correlationText("download then run in 60s by user.name", events: [Self.download, Self.run]))
        let set = RuleSet(loaded.compile(with: testCompiler), catalogue: TestCatalogue.catalogue)
        let types = try ["openat", "execve"].map { try #require(EventType(name: $0)) }
        #expect(set.eventTypes == EventTypeSet(types))
        #expect(Set(set.needs.alternatives.keys) == Set(types))
        #expect(set.needs.alternatives[types[0]]?.contains(EventNeed()) == false)
        #expect(set.needs.fields.map { $0.text(in: set.catalogue) }.contains("user.name"))
        let filter = set.filter()
        #expect(filter.program.types == EventTypeSet(types))
    }
}
