import EventModel
import SeededRandom
import Testing

@testable import AlertReduction

private let second: UInt64 = 1_000_000_000

/// An alert of a rule; `number` is what tells it from all others and is never compared.
private func alert(
    _ rule: String = "R", _ fields: [String: String] = [:], number: UInt64 = 0, time: UInt64 = 0,
    priority: Priority = .notice, tags: [String] = []
) -> Alert {
    Alert(
        timeNanoseconds: time, rule: rule, priority: priority, source: "syscall", tags: tags,
        message: Array("\(rule) \(fields.sorted { $0.key < $1.key }.map(\.value).joined(separator: " "))".utf8),
        fields: [("evt.num", .unsigned(number))]
            + fields.sorted { $0.key < $1.key }.map { ($0.key, AlertValue.string(Array($0.value.utf8))) })
}

private func number(_ key: String, of alert: Alert) -> UInt64? {
    guard case .unsigned(let number) = alert.fields.last(where: { $0.key == key })?.value else { return nil }
    return number
}

private func text(_ alert: Alert) -> String { String(decoding: alert.message, as: UTF8.self) }

/// How many alerts one that was sent stands for, as its receiver reads it.
private func count(of alert: Alert) -> UInt64 {
    number("shrike.repeats", of: alert) ?? number("shrike.rate_limited", of: alert) ?? 1
}

private func repeats(_ window: Int, fields: [String] = [], keys: Int = 4096) -> RepeatSettings {
    var settings = RepeatSettings()
    (settings.windowSeconds, settings.fields, settings.maximumKeys) = (window, fields, keys)
    return settings
}

private func limit(_ alerts: Int, _ interval: Int = 60, burst: Int = 0) -> RateLimitSettings {
    var settings = RateLimitSettings()
    (settings.alertsPerRule, settings.intervalSeconds, settings.burst) = (alerts, interval, burst)
    return settings
}

@Suite struct AlertFoldingTests {
    @Test func `the first goes out at once and the others are told of at the end of the window`() throws {
        var folding = AlertFolding(repeats(60))
        #expect(folding.take(alert(time: 5), now: second).map { count(of: $0.alert) } == [1])
        for index in 1...199 {
            #expect(folding.take(alert(number: UInt64(index), time: 5 + UInt64(index)), now: 2 * second).isEmpty)
        }
        #expect(folding.close(now: 61 * second - 1).isEmpty)
        let told = try #require(folding.close(now: 61 * second).first)
        #expect(count(of: told.alert) == 199)
        #expect(number("shrike.first_time", of: told.alert) == 6)
        #expect(number("shrike.last_time", of: told.alert) == 204)
        #expect(number("evt.num", of: told.alert) == 199)
        #expect(told.alert.timeNanoseconds == 204)
        #expect(
            text(told.alert)
                == "R  | shrike.repeats=199 shrike.first_time=1970-01-01T00:00:00.000000006Z "
                + "shrike.last_time=1970-01-01T00:00:00.000000204Z")
        #expect(folding.folded == 199)
        #expect(folding.nextDeadline == .max)
    }

    @Test func `a window without repeats ends in silence, and the next alert goes out at once`() {
        var folding = AlertFolding(repeats(1))
        #expect(folding.take(alert(), now: 0).count == 1)
        #expect(folding.close(now: second).isEmpty)
        #expect(folding.take(alert(), now: second).count == 1)
    }

    @Test func `what a window counted goes out before the next alert of its key`() {
        var folding = AlertFolding(repeats(1))
        _ = folding.take(alert(number: 1), now: 0)
        _ = folding.take(alert(number: 2), now: 1)
        // Nobody called `close` in time.
        let sent = folding.take(alert(number: 3), now: 5 * second)
        #expect(sent.map { number("evt.num", of: $0.alert) } == [2, 3])
        #expect(sent.map(\.count) == [1, 1])
    }

    @Test func `a full table gives up the oldest window, with its count`() {
        var folding = AlertFolding(repeats(60, keys: 16))
        for index in 0..<16 { _ = folding.take(alert("R", ["fd.name": "/\(index)"]), now: 0) }
        for _ in 0..<3 { _ = folding.take(alert("R", ["fd.name": "/0"]), now: 0) }
        let sent = folding.take(alert("R", ["fd.name": "/new"]), now: 0)
        #expect(sent.map { count(of: $0.alert) } == [3, 1])
        #expect(text(sent[0].alert).hasPrefix("R /0 | "))
        // Its place is taken, so it is a first one again; the next oldest has nothing to tell.
        #expect(folding.take(alert("R", ["fd.name": "/0"]), now: 0).map(\.count) == [1])
        #expect(folding.closeAll().isEmpty)
    }

    @Test func `long command lines do not fill the memory, and each is told of`() {
        var folding = AlertFolding(repeats(3600))
        var sent: [CountedAlert] = []
        var kept = 0
        for index in 0..<100 {
            let fields = ["proc.cmdline": "\(index) " + String(repeating: "x", count: 1 << 20)]
            for _ in 0..<3 { sent += folding.take(alert("R", fields), now: 0) }
            kept = max(kept, (index + 1) * 3 - sent.reduce(0) { $0 + Int($1.count) })
        }
        // Each window holds its key and an alert with the command line in a field and in the message.
        #expect(kept <= 2 * 16)
        sent += folding.closeAll()
        #expect(sent.reduce(0) { $0 + $1.count } == 300)
    }

    @Test func `windows are told of in the order in which they were opened`() {
        var settings = repeats(60)
        var short = RepeatSettings.Override()
        short.selection.rules = ["Short*"]
        short.windowSeconds = 10
        settings.overrides = [short]
        var folding = AlertFolding(settings)
        for rule in ["Long a", "Short b", "Long c", "Short d"] {
            _ = folding.take(alert(rule), now: 0)
            _ = folding.take(alert(rule), now: 0)
        }
        #expect(folding.close(now: 10 * second).map(\.alert.rule) == ["Short b", "Short d"])
        #expect(folding.nextDeadline == 60 * second)
        #expect(folding.close(now: 60 * second).map(\.alert.rule) == ["Long a", "Long c"])
    }

    @Test(arguments: [
        ("critical rule", Priority.critical, ["x"], false), ("Read a file", .notice, ["x"], true),
        ("Other", .notice, ["network"], false), ("Other", .notice, ["x"], true),
    ])
    func `overrides choose by rule, tag and priority`(rule: String, priority: Priority, tags: [String], folds: Bool) {
        var severe = RepeatSettings.Override()
        severe.selection.minimumPriority = .critical
        severe.windowSeconds = 0
        var network = RepeatSettings.Override()
        network.selection.tags = ["network", "y"]
        network.windowSeconds = 0
        var settings = repeats(60)
        settings.overrides = [severe, network]
        var folding = AlertFolding(settings)
        let alert = alert(rule, priority: priority, tags: tags)
        #expect(folding.take(alert, now: 0).count == 1)
        #expect(folding.take(alert, now: 0).isEmpty == folds)
    }
}

@Suite struct AlertKeyTests {
    private static let shell = ["proc.cmdline": "cat /etc/shadow", "fd.name": "/etc/shadow", "proc.pid": "1"]

    @Test(arguments: [
        (["proc.pid": "2"], true), (["run.proc.pid": "2", "incident.count": "2"], true),
        (["run.proc.name": "x"], false), (["proc.apid[2]": "7"], true), (["fd.name": "/etc/passwd"], false),
        (["proc.cmdline": "cat /etc/shado"], false), ([:], true),
    ])
    func `by default all but what tells occurrences apart counts`(change: [String: String], isEqual: Bool) {
        let other = Self.shell.merging(change) { $1 }
        #expect((AlertKey(alert("R", Self.shell), fields: []) == AlertKey(alert("R", other), fields: [])) == isEqual)
        #expect(AlertKey(alert("R", Self.shell), fields: []) != AlertKey(alert("S", Self.shell), fields: []))
    }

    @Test(arguments: [
        ("10.0.0.1:40000->1.2.3.4:443", "10.0.0.1:50000->1.2.3.4:443", true),
        ("10.0.0.1:40000->1.2.3.4:443", "10.0.0.1:40000->1.2.3.4:444", false),
        ("10.0.0.1:40000->1.2.3.4:443", "10.0.0.2:40000->1.2.3.4:443", false),
        ("::1:40000->::1:443", "::1:40001->::1:443", true),
        // Files may be named so.
        ("/tmp/a:1->b", "/tmp/a:2->b", false), ("a:x->b", "a:y->b", false), ("/a", "/b", false),
    ])
    func `a connection is the same from another port of the client`(_ one: String, _ other: String, isEqual: Bool) {
        let keys = [one, other].map { name in
            AlertKey(alert("R", ["fd.name": name, "fd.lport": name == one ? "1" : "2", "fd.cport": name]), fields: [])
        }
        #expect((keys[0] == keys[1]) == isEqual)
    }

    @Test func `configured fields alone count`() {
        func key(_ fields: [String: String]) -> AlertKey {
            AlertKey(alert("R", fields), fields: ["proc.name", "user.name"])
        }
        let one = ["proc.name": "cat", "user.name": "a", "fd.name": "/1"]
        #expect(key(one) == key(one.merging(["fd.name": "/2"]) { $1 }))
        #expect(key(one) != key(one.merging(["user.name": "b"]) { $1 }))
        // Values don't run into each other.
        #expect(key(["proc.name": "ab", "user.name": "c"]) != key(["proc.name": "a", "user.name": "bc"]))
    }

    @Test func `an alert that lacks a configured field is not folded by the others alone`() {
        func key(_ fields: [String: String]) -> AlertKey {
            AlertKey(alert("R", fields), fields: ["proc.name", "user.name"])
        }
        #expect(key(["proc.name": "cat", "fd.name": "/1"]) != key(["proc.name": "cat", "fd.name": "/2"]))
        #expect(key(["proc.name": "cat", "fd.name": "/1"]) == key(["proc.name": "cat", "fd.name": "/1"]))
    }
}

@Suite struct AlertRateLimitTests {
    @Test func `what is over the limit is told of at the end of the interval`() throws {
        var limiter = AlertRateLimit(limit(2))
        var sent = 0
        for index in 0..<10 {
            let path = index == 5 ? "/other" : "/etc/shadow"
            let alert = alert("R", ["fd.name": path], time: UInt64(index), priority: .error, tags: ["t"])
            sent += limiter.take(CountedAlert(alert), now: second).count
        }
        #expect(sent == 2)
        #expect(limiter.heldBack == 8)
        #expect(limiter.tell(now: 61 * second - 1).isEmpty)
        let told = try #require(limiter.tell(now: 61 * second).first?.alert)
        #expect(count(of: told) == 8)
        // It goes where the alerts would have gone.
        #expect(told.rule == "R" && told.priority == .error && told.tags == ["t"] && told.source == "syscall")
        #expect(
            text(told)
                == "8 alerts of rule R were held back by the rate limit, from 1970-01-01T00:00:00.000000002Z to "
                + "1970-01-01T00:00:00.000000009Z; most often, 7 times or more: R /etc/shadow")
        #expect(number("shrike.most_frequent_count", of: told) == 7)
        #expect(limiter.nextDeadline == .max)
    }

    @Test func `tokens come back in proportion to time, up to the burst`() {
        var limiter = AlertRateLimit(limit(60, 60, burst: 5))
        func passes(_ now: UInt64) -> Int {
            (0..<20).reduce(0) { sum, _ in sum + limiter.take(CountedAlert(alert("R", number: 1)), now: now).count }
        }
        #expect(passes(0) == 5)
        #expect(passes(3 * second) == 3)
        // A minute without alerts gives no more than the burst; and what was held back is told of.
        #expect(passes(1000 * second) == 6)
    }

    @Test func `a rule does not use up another's limit`() {
        var limiter = AlertRateLimit(limit(1))
        #expect(limiter.take(CountedAlert(alert("A")), now: 0).count == 1)
        #expect(limiter.take(CountedAlert(alert("A")), now: 0).isEmpty)
        #expect(limiter.take(CountedAlert(alert("B")), now: 0).count == 1)
    }

    @Test func `the most frequent message is found among many`() {
        var messages = FrequentMessages()
        for index in 0..<1000 {
            messages.count(Array("rare \(index)".utf8), 1)
            if index % 2 == 0 { messages.count(Array("frequent".utf8), 1) }
        }
        let found = messages.mostFrequent
        #expect(found.map { String(decoding: $0.message, as: UTF8.self) } == "frequent")
        #expect(found.map { $0.count <= 500 } == true)
    }
}

@Suite struct AlertReductionTests {
    @Test func `without settings nothing is kept`() {
        let reduction = AlertReduction(ReductionSettings())
        #expect(!reduction.isActive)
    }

    @Test(arguments: 0..<200)
    func `every alert is sent or counted in one that is sent, in order`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        var reduction = AlertReduction(Self.settings(&random))
        var now: UInt64 = 0
        var taken: [String: UInt64] = [:]
        var sent: [Alert] = []
        for index in 1...600 {
            if Int.random(in: 0..<4, using: &random) == 0 { now += UInt64.random(in: 0...3, using: &random) * second }
            let rule = "R\(Int.random(in: 0..<3, using: &random))"
            let path = "/\(Int.random(in: 0..<Int.random(in: 1...60, using: &random), using: &random))"
            // The wall clock may jump; only texts show it.
            let time = UInt64.random(in: 0...5, using: &random) * second
            taken[rule, default: 0] += 1
            let alert = alert(rule, ["fd.name": path], number: UInt64(index), time: time)
            sent += reduction.take(alert, now: now).map(\.alert)
            switch Int.random(in: 0..<60, using: &random) {
            case 0: sent += reduction.flush(now: now).map(\.alert)
            case 1:
                sent += reduction.flush(now: now).map(\.alert)
                reduction.apply(Self.settings(&random))
            case 2..<20: sent += reduction.tick(now: now).map(\.alert)
            default: break
            }
        }
        sent += reduction.flush(now: now).map(\.alert)
        #expect(reduction.nextDeadline == .max)
        var told: [String: UInt64] = [:]
        for alert in sent { told[alert.rule, default: 0] += count(of: alert) }
        #expect(told == taken)
        // Of equal alerts, one that came later never goes out before an earlier one.
        var lastOfKey: [AlertKey: UInt64] = [:]
        for alert in sent {
            guard let number = number("evt.num", of: alert) else { continue }
            var plain = alert
            plain.fields.removeAll { $0.key.hasPrefix("shrike.") }
            let key = AlertKey(plain, fields: [])
            #expect(lastOfKey[key, default: 0] < number)
            lastOfKey[key] = number
        }
    }

    private static func settings(_ random: inout SeededGenerator) -> ReductionSettings {
        var settings = ReductionSettings()
        settings.repeats = repeats(
            Int.random(in: 0...10, using: &random), keys: Int.random(in: 16...40, using: &random))
        settings.rateLimit = limit(
            Int.random(in: 0...20, using: &random), Int.random(in: 1...10, using: &random),
            burst: Int.random(in: 0...30, using: &random))
        var override = RepeatSettings.Override()
        override.selection.rules = ["R\(Int.random(in: 0..<3, using: &random))"]
        override.windowSeconds = Int.random(in: 0...20, using: &random)
        settings.repeats.overrides = [override]
        return settings
    }

    @Test func `a repeat over the rate limit is counted there with its whole number`() {
        var settings = ReductionSettings()
        settings.repeats = repeats(10)
        settings.rateLimit = limit(1, 100)
        var reduction = AlertReduction(settings)
        var sent: [Alert] = []
        for _ in 0..<8 { sent += reduction.take(alert(), now: 0).map(\.alert) }
        sent += reduction.tick(now: 10 * second).map(\.alert)
        #expect(sent.map(count) == [1])
        #expect(reduction.tick(now: 110 * second).map { count(of: $0.alert) } == [7])
        #expect(reduction.counters == ReductionCounters(folded: 7, rateLimited: 7))
    }
}
