public import EventModel
import KernelInterface

/// All outputs: renders each alert once and hands it to each channel, and knows what each took and lost. A channel that is broken
/// or stands still doesn't keep the others from their alerts, nor who calls.
public final class OutputChannels {
    /// What a channel took and lost.
    public struct Counters: Sendable, Equatable {
        /// The channel's name.
        public let name: String
        /// Alerts delivered.
        public var delivered: UInt64 = 0
        /// Alerts lost: refused, or dropped because too many waited.
        public var failed: UInt64 = 0
        /// Alerts that wait for its reader.
        public var waiting = 0
    }

    /// A channel, and what is known and told of it.
    fileprivate struct Channel {
        let output: any AlertOutput
        /// Of a channel that doesn't count itself.
        var own: Counters
        var isFailing = false
        var isStalled = false
        var toldLost: UInt64 = 0
        var nextLossReport: UInt64 = 0
        var lossReportInterval = OutputChannels.lossReportNanoseconds

        init(_ output: any AlertOutput) {
            self.output = output
            own = Counters(name: output.name)
        }

        var counters: Counters {
            guard let status = output.status else { return own }
            return Counters(name: own.name, delivered: status.delivered, failed: status.lost, waiting: status.waiting)
        }
    }

    /// After so many milliseconds a reader that takes nothing is told of: Falco's `output_timeout`.
    public var stallMilliseconds: UInt64 = 2000
    private var channels: [Channel]
    /// Channels of an earlier configuration that still deliver what they had, each until its time is over.
    private var retired: [(channel: Channel, deadline: UInt64)] = []
    /// What those lost that are done.
    private var former: [Counters] = []
    private var writer: AlertWriter
    private var line: [UInt8] = []
    private var problems: [OutputProblem] = []
    private var nextLook: UInt64 = 0
    private static let lookNanoseconds: UInt64 = 100_000_000
    private static let lossReportNanoseconds: UInt64 = 10_000_000_000
    private static let maximumLossReportNanoseconds: UInt64 = 600_000_000_000
    /// How long channels that are used no more may deliver.
    private static let retirementNanoseconds: UInt64 = 10_000_000_000

    /// Channels that receive the same alerts.
    public init(_ outputs: [any AlertOutput], format: AlertFormat) {
        channels = outputs.map { Channel($0) }
        writer = AlertWriter(format: format)
    }

    /// Adds a channel before the others, which gets each alert first. To be called before `start`.
    public func put(first output: any AlertOutput) { channels.insert(Channel(output), at: 0) }

    /// What each channel took and lost.
    public var counters: [Counters] { channels.map(\.counters) + retired.map(\.channel.counters) + former }

    /// Whether nobody is left to read alerts.
    public var haveAllEnded: Bool { channels.allSatisfy(\.output.hasEnded) }

    /// The names of the channels that don't deliver now, but for those whose receiver is away.
    public var failing: [String] {
        channels.filter { ($0.isFailing || $0.isStalled) && !$0.output.isReceiverAway }.map(\.output.name)
    }

    /// Begins to deliver. Alerts that are sent before wait. The channels' threads have what privileges this one has now.
    public func start() {
        for index in channels.indices {
            attempt(index, counts: false) { (output) throws(OutputError) in try output.start() }
        }
    }

    /// Hands an alert to every channel.
    public func send(_ alert: Alert) {
        let range = writer.write(alert, into: &line)
        let rendered = RenderedAlert(priority: alert.priority, line: line, priorityRange: range)
        for index in channels.indices {
            attempt(index) { (output) throws(OutputError) in try output.write(alert, rendered) }
        }
    }

    /// Has what channels kept delivered: call it when a batch of events has been worked off.
    public func endBatch() {
        for index in channels.indices {
            attempt(index, counts: false) { (output) throws(OutputError) in try output.flush() }
        }
    }

    /// Opens files anew after log rotation.
    public func reopen() {
        for index in channels.indices {
            attempt(index, counts: false) { (output) throws(OutputError) in try output.reopen() }
        }
    }

    /// Goes on where other channels were, and starts. What is written in the same way as before keeps what waits; the rest of the
    /// old channels, but for one that is in both, deliver what they have on their own.
    public func takeOver(_ old: OutputChannels, except kept: (any AlertOutput)? = nil) {
        let deadline = KernelClock.monotonic() &+ Self.retirementNanoseconds
        retired += old.retired
        former += old.former
        for former in old.channels where former.output !== kept {
            if let index = channels.firstIndex(where: { $0.output.takeOver(former.output) }) {
                let output = channels[index].output
                channels[index] = former.moved(to: output)
            } else {
                former.output.finish(by: deadline)
                retired.append((former, deadline))
            }
        }
        old.channels = []
        old.retired = []
        start()
    }

    /// Delivers what channels kept, for so long at most, and lets go of them. What is left then is lost, and counted.
    public func close(withinMilliseconds limit: UInt64? = 1500) {
        let deadline = limit.map { KernelClock.monotonic() &+ $0 &* 1_000_000 } ?? .max
        for channel in channels { channel.output.finish(by: deadline) }
        for entry in retired { entry.channel.output.finish(by: deadline) }
        for index in channels.indices {
            attempt(index, counts: false) { (output) throws(OutputError) in try output.close() }
        }
        for entry in retired {
            try? entry.channel.output.close()
            note(entry.channel)
        }
        retired = []
        nextLook = 0
        for index in channels.indices { channels[index].nextLossReport = 0 }
    }

    /// What the user should know since the last call: a channel that begins to fail, stands still, loses alerts, works again.
    public func takeProblems() -> [OutputProblem] {
        let now = KernelClock.monotonic()
        if now >= nextLook {
            nextLook = now &+ Self.lookNanoseconds
            for index in channels.indices { look(at: index, now) }
            endRetired(now)
        }
        if problems.isEmpty { return [] }
        defer { problems.removeAll() }
        return problems
    }

    private func look(at index: Int, _ now: UInt64) {
        guard let status = channels[index].output.status else { return }
        let name = channels[index].output.name
        let stall = status.busySince.map { now > $0 ? (now &- $0) / 1_000_000 : 0 } ?? 0
        let wasFine = !channels[index].isFailing && !channels[index].isStalled
        if let failure = status.failure {
            if !channels[index].isFailing { tell(name, .failing(Self.reason(failure))) }
            channels[index].isFailing = true
        } else if stall >= stallMilliseconds {
            if !channels[index].isStalled { tell(name, .stalled(milliseconds: stall, waiting: status.waiting)) }
            channels[index].isStalled = true
        } else {
            (channels[index].isFailing, channels[index].isStalled) = (false, false)
        }
        let isFine = !channels[index].isFailing && !channels[index].isStalled
        // The loss before it is told first.
        if status.lost > channels[index].toldLost, now >= channels[index].nextLossReport || (isFine && !wasFine) {
            tell(name, .lost(status.lost &- channels[index].toldLost))
            channels[index].toldLost = status.lost
            channels[index].nextLossReport = now &+ channels[index].lossReportInterval
            // The alert of the loss may be lost there, too: each is told later than the one before while that goes on.
            channels[index].lossReportInterval = min(
                channels[index].lossReportInterval &* 2, Self.maximumLossReportNanoseconds)
        }
        if isFine { channels[index].lossReportInterval = Self.lossReportNanoseconds }
        if isFine, !wasFine, !channels[index].output.hasEnded { tell(name, .recovered) }
    }

    private static func reason(_ failure: OutputError) -> String {
        switch failure {
        case .readerGone, .ended: "\(failure); alerts are lost there"
        case .full: "\(failure)"
        case .failed: "\(failure); it is tried again, alerts wait, and when no more fit the least severe are lost"
        }
    }

    /// Lets go of former channels that are done, or had their time.
    private func endRetired(_ now: UInt64) {
        guard !retired.isEmpty else { return }
        retired.removeAll { channel, deadline in
            guard channel.output.hasEnded || now >= deadline else { return false }
            try? channel.output.close()
            note(channel)
            return true
        }
    }

    /// Keeps in mind what a former channel lost, and tells of it.
    private func note(_ channel: Channel) {
        let counters = channel.counters
        guard counters.failed > channel.toldLost else { return }
        tell(counters.name, .lost(counters.failed &- channel.toldLost))
        if let index = former.firstIndex(where: { $0.name == counters.name }) {
            former[index].failed &+= counters.failed
        } else {
            former.append(Counters(name: counters.name, failed: counters.failed))
        }
    }

    private func tell(_ output: String, _ kind: OutputProblem.Kind) {
        problems.append(OutputProblem(output: output, kind: kind))
    }

    private func attempt(
        _ index: Int, counts: Bool = true, _ body: (any AlertOutput) throws(OutputError) -> Void
    ) {
        let name = channels[index].output.name
        do throws(OutputError) {
            try body(channels[index].output)
            guard counts, channels[index].output.status == nil else { return }
            channels[index].own.delivered += 1
            if channels[index].isFailing { tell(name, .recovered) }
            channels[index].isFailing = false
        } catch {
            channels[index].own.failed += 1
            if !channels[index].isFailing { tell(name, .failing("\(error); alerts are lost there")) }
            channels[index].isFailing = true
        }
    }
}

extension OutputChannels.Channel {
    /// The same for the channel that has taken this one over.
    fileprivate func moved(to output: any AlertOutput) -> Self {
        var channel = Self(output)
        (channel.isFailing, channel.isStalled) = (isFailing, isStalled)
        (channel.toldLost, channel.nextLossReport) = (toldLost, nextLossReport)
        channel.lossReportInterval = lossReportInterval
        return channel
    }
}
