import CommandOutput
import JSONTree
import Outputs

/// What a bench measured.
struct AlertBenchResult {
    let rule: String
    let run: String
    let askedRate: Double?
    let askedCount: Int
    /// The first alert's time and the last one's, monotonic nanoseconds.
    let start: UInt64
    let sendingEnd: UInt64
    let tally: AlertBenchTally
    /// The channels without a spool.
    let channels: [OutputChannels.Counters]
    let wasStopped: Bool

    var sendingSeconds: Double { Double(sendingEnd &- start) / 1e9 }
    var rate: Double? { Self.rate(tally.made, sendingSeconds) }

    /// Alerts a second from the first alert to an output's last delivery.
    func deliveryRate(_ output: AlertBenchTally.Output) -> Double? {
        Self.rate(output.delivered, Double(output.lastDelivery &- start) / 1e9)
    }

    /// Alerts that an output's own filter left out.
    func leftOut(_ output: AlertBenchTally.Output) -> Int64 {
        let done = output.delivered + output.refused + tally.waiting(output) + Int64(clamping: tally.lost)
        return max(0, tally.made - done)
    }

    /// Whether every output got everything that it is to get.
    var isComplete: Bool {
        tally.lost == 0 && channels.allSatisfy { $0.failed == 0 }
            && tally.outputs.allSatisfy { tally.waiting($0) == 0 && $0.refused == 0 }
    }

    private static func rate(_ count: Int64, _ seconds: Double) -> Double? {
        count > 1 && seconds > 0 ? Double(count) / seconds : nil
    }
}

/// What `shrike bench alerts` prints.
enum AlertBenchReport {
    /// The result; its status is success when everything was delivered.
    static func make(_ result: AlertBenchResult, isJSON: Bool) -> Report {
        let status: ExitStatus = result.isComplete ? .success : .invalid
        if isJSON { return Report(bytes: json(result), status: status) }
        return Report(lines: lines(result), status: status)
    }

    // MARK: Text

    private static func lines(_ result: AlertBenchResult) -> [String] {
        let tally = result.tally
        let asked = result.askedRate.map { "\(shown($0)) asked for" } ?? "as fast as the spool takes them"
        var lines = [
            "Sent \(tally.made) synthetic alerts of the rule '\(result.rule)', run \(result.run), in "
                + "\(shown(result.sendingSeconds)) s: \(shown(result.rate)) alerts/s (\(asked))."
                + (result.wasStopped ? " Stopped before the end." : "")
        ]
        if !tally.outputs.isEmpty {
            lines.append(row("", "alerts", "alerts/s", "p50 ms", "p99 ms", "max ms"))
            lines.append(row("into the spool", "\(tally.accepted)", shown(result.rate), times(tally.acceptance)))
        }
        for output in tally.outputs {
            lines.append(
                row(
                    "delivered to \(output.name)", "\(output.delivered)", shown(result.deliveryRate(output)),
                    times(output.latency)))
            for (count, what) in [
                (output.refused, "refused by the receiver"), (tally.waiting(output), "not delivered"),
                (result.leftOut(output), "left out by the output's filter"),
            ] where count > 0 {
                lines.append("  \(count) \(what)")
            }
        }
        for channel in result.channels {
            lines.append(row("written to \(channel.name)", "\(channel.delivered)"))
            if channel.failed > 0 { lines.append("  \(channel.failed) failed") }
        }
        if tally.lost > 0 {
            lines.append("\(tally.lost) alerts were lost in the spool; times are of those before the first loss.")
        }
        return lines
    }

    private static func row(_ name: String, _ columns: [String]) -> String {
        name.padded(to: 32) + columns.map { String(repeating: " ", count: max(1, 11 - $0.count)) + $0 }.joined()
    }
    private static func row(_ name: String, _ columns: String...) -> String { row(name, columns) }
    private static func row(_ name: String, _ count: String, _ rate: String, _ times: [String]) -> String {
        row(name, [count, rate] + times)
    }

    private static func times(_ latency: LatencyHistogram) -> [String] {
        [latency.quantile(0.5), latency.quantile(0.99), latency.count > 0 ? latency.longest : nil]
            .map { shown($0.map { Double($0) / 1e6 }) }
    }

    /// Three digits are all that means anything.
    private static func shown(_ number: Double?) -> String {
        guard let number else { return "-" }
        let digits = number >= 100 ? 1.0 : number >= 10 ? 10 : number >= 1 ? 100 : 1000
        let rounded = (number * digits).rounded() / digits
        return digits == 1 ? "\(Int64(rounded))" : "\(rounded)"
    }

    // MARK: JSON

    private static func json(_ result: AlertBenchResult) -> [UInt8] {
        let tally = result.tally
        var json = JSONWriter()
        json.beginObject()
        json.member("rule", result.rule)
        json.member("run", result.run)
        json.member("asked", Int64(result.askedCount))
        json.member("asked_rate", result.askedRate)
        json.member("sent", tally.made)
        json.member("seconds", result.sendingSeconds)
        json.member("rate", result.rate)
        json.member("lost", Int64(clamping: tally.lost))
        json.member("complete", result.isComplete)
        if !tally.outputs.isEmpty {
            json.key("spool")
            json.beginObject()
            json.member("accepted", tally.accepted)
            json.latency(tally.acceptance)
            json.endObject()
        }
        json.key("outputs")
        json.beginArray()
        for output in tally.outputs {
            json.beginObject()
            json.member("name", output.name)
            json.member("delivered", output.delivered)
            json.member("refused", output.refused)
            json.member("undelivered", tally.waiting(output))
            json.member("left_out", result.leftOut(output))
            json.member("rate", result.deliveryRate(output))
            json.latency(output.latency)
            json.endObject()
        }
        for channel in result.channels {
            json.beginObject()
            json.member("name", channel.name)
            json.member("delivered", Int64(clamping: channel.delivered))
            json.member("failed", Int64(clamping: channel.failed))
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes + [UInt8(ascii: "\n")]
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ name: String, _ value: Double?) {
        key(name)
        if let value { number(value) } else { null() }
    }
    fileprivate mutating func latency(_ latency: LatencyHistogram) {
        key("latency_ms")
        beginObject()
        member("p50", latency.quantile(0.5).map { Double($0) / 1e6 })
        member("p99", latency.quantile(0.99).map { Double($0) / 1e6 })
        member("max", latency.count > 0 ? Double(latency.longest) / 1e6 : nil)
        endObject()
    }
}
