public import EventModel

/// All outputs: renders each alert once and hands it to each channel, and counts what each took and lost. One broken
/// channel doesn't keep the others from their alerts.
public final class OutputChannels {
    /// What a channel took and lost.
    public struct Counters: Sendable, Equatable {
        /// The channel's name.
        public let name: String
        /// Alerts handed over without an error.
        public var delivered: UInt64 = 0
        /// Alerts that the channel refused, and deliveries of kept ones that failed.
        public var failed: UInt64 = 0
        /// Whether the channel's reader has gone for good.
        public var hasEnded = false
    }

    /// What each channel took and lost.
    public private(set) var counters: [Counters]
    private let outputs: [any AlertOutput]
    private var writer: AlertWriter
    private var line: [UInt8] = []
    private var problems: [String] = []
    private var isFailing: [Bool]

    /// Channels that receive the same alerts.
    public init(_ outputs: [any AlertOutput], format: AlertFormat) {
        self.outputs = outputs
        writer = AlertWriter(format: format)
        counters = outputs.map { Counters(name: $0.name) }
        isFailing = outputs.map { _ in false }
    }

    /// Whether nobody is left to read alerts.
    public var haveAllEnded: Bool { counters.allSatisfy(\.hasEnded) }

    /// The names of the channels whose last delivery failed.
    public var failing: [String] { outputs.indices.filter { isFailing[$0] }.map { counters[$0].name } }

    /// Hands an alert to every channel.
    public func send(_ alert: Alert) {
        let range = writer.write(alert, into: &line)
        let rendered = RenderedAlert(priority: alert.priority, line: line, priorityRange: range)
        for index in outputs.indices where !counters[index].hasEnded {
            attempt(index) { (output) throws(OutputError) in try output.write(alert, rendered) }
        }
    }

    /// Delivers what channels kept: call it when a batch of events has been worked off.
    public func endBatch() {
        for index in outputs.indices where !counters[index].hasEnded {
            attempt(index, counts: false) { (output) throws(OutputError) in try output.flush() }
        }
    }

    /// Opens files anew after log rotation.
    public func reopen() {
        for index in outputs.indices where !counters[index].hasEnded {
            attempt(index, counts: false) { (output) throws(OutputError) in try output.reopen() }
        }
    }

    /// Delivers what channels kept and lets go of them, but for one that is used further.
    public func close(except kept: (any AlertOutput)? = nil) {
        for index in outputs.indices where !counters[index].hasEnded && outputs[index] !== kept {
            attempt(index, counts: false) { (output) throws(OutputError) in try output.close() }
        }
    }

    /// What the user should know since the last call: a channel that begins to fail, or works again.
    public func takeProblems() -> [String] {
        defer { problems.removeAll() }
        return problems
    }

    private func attempt(
        _ index: Int, counts: Bool = true, _ body: (any AlertOutput) throws(OutputError) -> Void
    ) {
        do throws(OutputError) {
            try body(outputs[index])
            guard counts else { return }
            counters[index].delivered += 1
            if isFailing[index] { problems.append("output \(outputs[index].name) works again") }
            isFailing[index] = false
        } catch {
            counters[index].failed += 1
            if case .readerGone = error, outputs[index] is StandardOutput { counters[index].hasEnded = true }
            if !isFailing[index] { problems.append("output \(outputs[index].name): \(error); alerts are lost there") }
            isFailing[index] = true
        }
    }
}
