import EventModel
import Foundation
import Outputs
import Spool
import Testing

@testable import Delivery
@testable import Forwarder
@testable import ForwarderProtocol

/// The real process (`shrike-forward`) against a real receiver.
@Suite(.serialized) final class ForwarderProcessTests {
    private let scene: ForwarderScene

    init() throws { scene = try ForwarderScene() }

    private var directory: String { scene.directory }
    private var spool: SpoolWriter? { scene.spool }
    private var forwarder: ForwarderProcess? { scene.forwarder }
    private var reports: [ForwarderReport] { scene.reports }
    private var spoolReports: [SpoolReport] { scene.spoolReports }

    private func begin(_ outputs: [NetworkOutput], limits: SpoolLimits = SpoolLimits()) throws {
        try scene.begin(outputs, limits: limits)
    }

    private func send(_ numbers: some Sequence<Int>, _ priority: Priority = .warning, rule: String = "rule") {
        scene.send(numbers, priority, rule: rule)
    }

    private func commit() { scene.commit() }

    private func wait(_ seconds: Double = 20, until condition: () -> Bool) -> Bool {
        scene.wait(seconds, until: condition)
    }

    private func webhook(
        _ receiver: Receiver, name: String = "hook", _ change: (inout WebhookSettings) -> Void = { _ in }
    ) -> NetworkOutput {
        var webhook = WebhookSettings(url: "http://127.0.0.1:\(receiver.port)/")
        change(&webhook)
        return NetworkOutput(name: name, kind: .webhook(webhook))
    }

    @Test(.timeLimit(.minutes(1)))
    func `alerts arrive in order, one by one, over one connection`() throws {
        let receiver = try Receiver(log: directory + "/log")
        try begin([webhook(receiver) { $0.headers = [.init(name: "X-Tenant", value: "a")] }])
        send(1...200)
        #expect(wait { receiver.numbers.count >= 200 })
        #expect(receiver.numbers == Array(1...200))
        #expect(Set(receiver.requests.map(\.connection)).count == 1)
        #expect(Set(receiver.requests.compactMap { $0.headers["idempotency-key"] }).count == 200)
        #expect(receiver.requests.first?.headers["x-tenant"] == "a")
        #expect(receiver.requests.first?.headers["content-type"] == "application/json")
        #expect(wait(5) { spool?.progress().first?.delivered == 200 })
    }

    @Test(.timeLimit(.minutes(1)))
    func `an alert is sent at once, without a poll's delay`() throws {
        let receiver = try Receiver(log: directory + "/log")
        try begin([webhook(receiver)])
        send([1])
        #expect(wait { receiver.numbers.count == 1 })
        usleep(300_000)
        let sent = Date().timeIntervalSince1970
        send([2])
        #expect(wait { receiver.numbers.count == 2 })
        let latency = try #require(receiver.requests.last).time - sent
        #expect(latency < 0.25, "took \(latency) s")
    }

    @Test(.timeLimit(.minutes(1)))
    func `a receiver that is away and comes back gets everything in order`() throws {
        let receiver = try Receiver(log: directory + "/log")
        let port = receiver.port
        try begin([webhook(receiver) { $0.batchSize = 10 }])
        send(1...20)
        #expect(wait { receiver.numbers.count >= 20 })
        receiver.stop()
        for number in 21...300 { send([number]) }
        #expect(wait { reports.contains { $0.kind == .failing } })
        let back = try Receiver(log: directory + "/log", port: port)
        #expect(wait(30) { back.numbers.count >= 300 })
        // At least once: what was answered when the receiver died may come twice, nothing may be missing or out of order.
        var seen: Set<Int> = []
        #expect(back.numbers.filter { seen.insert($0).inserted } == Array(1...300))
        #expect(wait(5) { reports.contains { $0.kind == .recovered } })
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["429:Retry-After=2", "503:Retry-After=date+3"])
    func `Retry-After is honoured in both forms`(answer: String) throws {
        let receiver = try Receiver(log: directory + "/log", ["--script", answer])
        try begin([webhook(receiver)])
        send([1, 2])
        #expect(wait { receiver.numbers.count == 2 })
        let times = receiver.requests.map(\.time)
        #expect(times.count == 3)
        #expect(try #require(times.dropFirst().first) - times[0] >= 1.9)
        let keys = receiver.requests.compactMap { $0.headers["idempotency-key"] }
        #expect(keys.count == 3 && keys.first == keys.dropFirst().first)
    }

    @Test(.timeLimit(.minutes(1)))
    func `what the receiver refuses is set aside with a report and the rest goes on`() throws {
        let receiver = try Receiver(log: directory + "/log", ["--script", "500,408,400,200,400,400,200"])
        try begin([
            webhook(receiver) {
                $0.batchSize = 2
                $0.shape = .falco
            }
        ])
        send([1, 2, 3, 4, 5])
        // [1 2]: 500, 408, 400; then singly 1: 200, 2: 400; [3 4]: 400; 3: 200; 4: 200; [5]: 200.
        #expect(wait { receiver.numbers.count == 4 })
        #expect(receiver.numbers == [1, 3, 4, 5])
        #expect(wait { reports.contains { $0.kind == .rejected && $0.count == 1 && $0.text.contains("status 400") } })
        #expect(wait(5) { spool?.progress().map { [$0.delivered, $0.rejected] } == [[4, 1]] })
    }

    @Test(.timeLimit(.minutes(1)))
    func `a refusal of the sender costs no alert`() throws {
        let receiver = try Receiver(log: directory + "/log", ["--script", "401,404"])
        try begin([webhook(receiver) { $0.batchSize = 5 }])
        send(1...12)
        #expect(wait { receiver.numbers.count >= 12 })
        #expect(receiver.numbers == Array(1...12))
        #expect(receiver.requests.map(\.status).prefix(3) == [401, 404, 200])
        #expect(reports.contains { $0.kind == .failing && $0.text.contains("status 401") })
        #expect(wait(5) { spool?.progress().map { [$0.delivered, $0.rejected] } == [[12, 0]] })
    }

    @Test(.timeLimit(.minutes(1)))
    func `a dead receiver holds nothing back from the others, and each has its filter`() throws {
        let receiver = try Receiver(log: directory + "/log")
        let errors = try Receiver(log: directory + "/errors")
        let dead = NetworkOutput(name: "dead", kind: .webhook(WebhookSettings(url: "http://127.0.0.1:9/")))
        var onlyErrors = webhook(errors, name: "errors")
        onlyErrors.filter.minimumPriority = .error
        try begin([dead, webhook(receiver) { $0.isCompressed = true }, onlyErrors])
        send(1...10)
        send([11], .error)
        send(12...14)
        #expect(wait { receiver.numbers.count == 14 && errors.numbers.count == 1 })
        #expect(errors.numbers == [11])
        #expect(receiver.requests.first?.headers["content-encoding"] == "gzip")
    }

    @Test(.timeLimit(.minutes(1)))
    func `killed again and again, it loses nothing`() throws {
        let receiver = try Receiver(log: directory + "/log", ["--delay", "0.003"])
        try begin([webhook(receiver)])
        var next = 1
        for round in 0..<6 {
            send(next..<next + 50)
            next += 50
            usleep(useconds_t(30_000 + round * 17_000))
            if let pid = forwarder?.pid { kill(pid, SIGKILL) }
        }
        #expect(wait(40) { Set(receiver.numbers).count >= 300 })
        var seen: Set<Int> = []
        #expect(receiver.numbers.filter { seen.insert($0).inserted } == Array(1...300))
        #expect(reports.contains { $0.kind == .remark && $0.text.contains("signal 9") })
    }

    @Test(.timeLimit(.minutes(1)))
    func `thousands that waited go out quickly once the receiver is there`() throws {
        let receiver = try Receiver(log: directory + "/log")
        let port = receiver.port
        receiver.stop()
        try begin([webhook(receiver)])
        for start in stride(from: 1, to: 3000, by: 500) { send(start..<start + 500) }
        let back = try Receiver(log: directory + "/log", port: port)
        #expect(wait(30) { back.numbers.count >= 3000 })
        #expect(back.numbers == Array(1...3000))
        let times = back.requests.map(\.time)
        let rate = 3000 / (try #require(times.last) - times[0])
        // The receiver is Python and the build a debug one; an alert storm of 500 a second must not fall behind.
        #expect(rate > 500, "\(Int(rate)) alerts/s")
    }

    @Test(.timeLimit(.minutes(1)))
    func `TLS with a client certificate, and neither with a wrong authority`() throws {
        try scene.makeCertificates()
        let receiver = try Receiver(
            log: directory + "/log",
            ["--tls", directory + "/server.crt", directory + "/server.key", directory + "/ca.crt"])
        try "secret\n".write(toFile: directory + "/token", atomically: true, encoding: .utf8)
        var good = webhook(receiver) {
            $0.url = "https://127.0.0.1:\(receiver.port)/"
            $0.bearerTokenFile = directory + "/token"
        }
        good.connection.caFile = directory + "/ca.crt"
        good.connection.certificateFile = directory + "/client.crt"
        good.connection.keyFile = directory + "/client.key"
        var distrusting = good
        (distrusting.name, distrusting.connection.caFile) = ("distrusting", "")
        try begin([good, distrusting])
        send([1])
        #expect(wait { receiver.numbers == [1] && reports.contains { $0.kind == .failing } })
        #expect(receiver.requests.first?.peer?.contains("client") == true)
        #expect(receiver.requests.first?.headers["authorization"] == "Bearer secret")
        #expect(reports.filter { $0.kind == .failing }.map(\.output) == ["distrusting"])
    }

    @Test(.enabled(if: geteuid() == 0, "needs root"), .timeLimit(.minutes(1)))
    func `it has no privileges, and no way to get any`() throws {
        let receiver = try Receiver(log: directory + "/log")
        try begin([webhook(receiver)])
        send([1])
        #expect(wait { receiver.numbers.count == 1 })
        let pid = try #require(forwarder?.pid)
        let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
        var values: [String: String] = [:]
        for line in status.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { values[String(parts[0])] = parts[1].trimmingCharacters(in: .whitespaces) }
        }
        for name in ["CapInh", "CapPrm", "CapEff", "CapAmb"] { #expect(values[name] == "0000000000000000") }
        #expect(values["NoNewPrivs"] == "1")
        // 2: a filter (proc(5)).
        #expect(values["Seccomp"] == "2")
        for name in ["Uid", "Gid"] {
            let ids = Set((values[name] ?? "").split(whereSeparator: \.isWhitespace))
            #expect(ids.count == 1 && !ids.contains("0"), "\(name) \(ids)")
        }
    }
}
