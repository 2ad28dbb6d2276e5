import EventModel
import SeededRandom
import Testing

@testable import RuleEngine

/// An event of a random stream.
private struct Sample {
    var time: UInt64
    var key: String?
    var names: Set<String>
    var value: String?
}

/// What `docs/rule-language.md` says of one key, done in the plainest way: all events are kept, and looked through each time.
private struct PlainKey {
    var newest: UInt64 = 0
    var restsUntil: UInt64 = 0
    var events: [Sample] = []
    static let window: UInt64 = 60

    func isCurrent(_ time: UInt64) -> Bool { time >= newest || newest - time <= Self.window }

    /// Takes an event; gives the time of the first event of what it completes.
    mutating func take(_ event: Sample, _ judge: (PlainKey) -> UInt64?) -> UInt64? {
        if newest > event.time + Self.window { self = PlainKey() }
        newest = max(newest, event.time)
        if restsUntil > newest { return nil }
        restsUntil = 0
        events.append(event)
        guard let first = judge(self) else { return nil }
        events = []
        restsUntil = newest + Self.window
        return first
    }

    func count(_ least: Int) -> UInt64? {
        let times = events.map(\.time).filter(isCurrent)
        return times.count >= least ? times.min() : nil
    }

    func distinct(_ least: Int) -> UInt64? {
        let values = Set(events.compactMap(\.value))
        let latest = values.compactMap { value in events.filter { $0.value == value }.map(\.time).max() }
        let times = latest.filter(isCurrent)
        return times.count >= least ? times.min() : nil
    }

    /// The latest beginning of all ways to find the steps in order, the last event being the last step.
    func sequence(_ steps: [String]) -> UInt64? {
        guard let last = events.last, last.names.contains(steps[steps.count - 1]) else { return nil }
        var starts: [UInt64] = []
        func search(_ step: Int, from index: Int, start: UInt64) {
            if step == steps.count - 1 { return starts.append(start) }
            for next in events.indices.dropLast() where next >= index && events[next].names.contains(steps[step]) {
                search(step + 1, from: next + 1, start: step == 0 ? events[next].time : start)
            }
        }
        search(0, from: 0, start: 0)
        return starts.filter(isCurrent).max()
    }
}

@Suite struct CorrelationReferenceTests {
    private static let events = ["a", "b", "c"].map { name in
        (name: name, condition: "evt.type = openat and proc.cmdline contains \(name)")
    }

    private static func stream(_ random: inout SeededGenerator, length: Int) -> [Sample] {
        var now: UInt64 = 1000
        return (0..<length).map { _ in
            now += UInt64.random(in: 0...25, using: &random)
            var time = now
            switch Int.random(in: 0..<40, using: &random) {
            case 0..<6: time -= UInt64.random(in: 0...45, using: &random)
            case 6: time -= UInt64.random(in: 61...300, using: &random)
            case 7:
                now -= min(now - 400, 200)
                time = now
            default: break
            }
            let names = ["a", "b", "c"].filter { _ in Bool.random(using: &random) }
            return Sample(
                time: time, key: ["x", "y", nil].randomElement(using: &random) ?? nil, names: Set(names),
                value: ["1", "2", "3", "4", nil].randomElement(using: &random) ?? nil)
        }
    }

    /// The alerts of a pattern over a stream: which event completed it, and when the first one was.
    private static func found(_ pattern: String, _ used: [String], _ stream: [Sample]) throws -> [String] {
        var scene = try CorrelationScene(
            correlationText(
                "\(pattern) in 60s by user.name", events: events.filter { used.contains($0.name) }))
        var found: [String] = []
        for (index, sample) in stream.enumerated() {
            var values: [String: TestValue] = ["proc.cmdline": .text(sample.names.sorted().joined())]
            if let key = sample.key { values["user.name"] = .text(key) }
            if let value = sample.value { values["fd.name"] = .text(value) }
            let before = scene.alerts.count
            scene.take(seconds(sample.time), values)
            for alert in scene.alerts.dropFirst(before) {
                found.append(
                    "\(index) since \(((alert.number("correlation.first") ?? 0) - seconds(0)) / 1_000_000_000)")
            }
        }
        return found
    }

    private static func expected(
        _ used: [String], _ stream: [Sample], needsValue: Bool = false, _ judge: (PlainKey) -> UInt64?
    ) -> [String] {
        var keys: [String: PlainKey] = [:]
        var expected: [String] = []
        for (index, sample) in stream.enumerated() {
            guard let key = sample.key, !sample.names.isDisjoint(with: used), !needsValue || sample.value != nil else {
                continue
            }
            if let first = keys[key, default: PlainKey()].take(sample, judge) {
                expected.append("\(index) since \(first)")
            }
        }
        return expected
    }

    @Test func `counts, different values and sequences are what looking through all events finds`() throws {
        var random = SeededGenerator.fromEnvironment()
        let seed = random.seed
        var total = 0
        for _ in 0..<60 {
            let stream = Self.stream(&random, length: 120)
            for least in [1, 2, 5] {
                let found = try Self.found("count(a) >= \(least)", ["a"], stream)
                #expect(found == Self.expected(["a"], stream) { $0.count(least) }, "seed \(seed), count \(least)")
                total += found.count
            }
            for least in [2, 4] {
                let found = try Self.found("count(a, fd.name) >= \(least)", ["a"], stream)
                let expected = Self.expected(["a"], stream, needsValue: true) { $0.distinct(least) }
                #expect(found == expected, "seed \(seed), values \(least)")
                total += found.count
            }
            for steps in [["a", "b"], ["a", "a"], ["a", "b", "c"], ["c", "a", "c"], ["a", "b", "a", "b"]] {
                let found = try Self.found(steps.joined(separator: " then "), steps, stream)
                let expected = Self.expected(steps, stream) { $0.sequence(steps) }
                #expect(found == expected, "seed \(seed), steps \(steps)")
                total += found.count
            }
        }
        #expect(total > 1000)
    }

    @Test func `first is what was not seen within the window, once that was watched`() throws {
        var random = SeededGenerator.fromEnvironment()
        let seed = random.seed
        var total = 0
        for _ in 0..<60 {
            let stream = Self.stream(&random, length: 120)
            let found = try Self.found("first(a, fd.name)", ["a"], stream)
            var latest: [String: UInt64] = [:]
            var since: UInt64?
            var expected: [String] = []
            for (index, sample) in stream.enumerated() where sample.names.contains("a") {
                guard let key = sample.key, let value = sample.value else { continue }
                if let first = since, sample.time + 60 >= first {
                    since = min(first, sample.time)
                } else {
                    since = sample.time
                }
                let known = latest[key + value]
                let isSeen = known.map { max($0, sample.time) - min($0, sample.time) <= 60 } ?? false
                latest[key + value] = isSeen ? max(known ?? 0, sample.time) : sample.time
                if !isSeen, sample.time - (since ?? 0) >= 60 { expected.append("\(index) since \(sample.time)") }
            }
            #expect(found == expected, "seed \(seed)")
            total += found.count
        }
        #expect(total > 100)
    }
}
