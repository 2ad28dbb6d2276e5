import AuditRecords
import CommandOutput
import Configuration
import ConfiguredRules
import Detection
import EventFields
import EventModel
import EventSources
import JSONTree
import KernelInterface
import NodeState
import Outputs
import Recording
import RuleEngine

/// `shrike rules cost`.
extension RulesReport {
    /// Says which rule makes a source deliver how much of what audit logs, or one recording, hold.
    public static func cost(files: [String], configuration: Configuration, isJSON: Bool) -> Report {
        let rules = ConfiguredRules.load(configuration)
        guard rules.isSuccessful else { return problems(of: rules, isJSON: isJSON) }
        let sources = SourceTraits.all.compactMap { traits in
            traits.filter.map { DeliveryTally.Source(name: traits.kind.name, filter: $0) }
        }
        let recording = CostRecording(
            DeliveryTally(rules.active, catalogue: rules.catalogue, sources: sources), configuration)
        let failure: String?
        do {
            if let path = files.first(where: isRecording) {
                guard files.count == 1 else {
                    return .failure(
                        "\(path): a recording is counted alone: expected one file, found \(files.count)", isJSON: isJSON
                    )
                }
                failure = try recording.take(path, rules)
            } else {
                let replay = try AuditLogReplay(paths: files, syscalls: .known)
                while replay.drain(into: recording) {}
                replay.stop()
                failure = replay.failure
            }
        } catch {
            return .failure("\(error)", isJSON: isJSON)
        }
        let status: ExitStatus = failure == nil ? .success : .invalid
        if isJSON {
            return Report(bytes: json(of: recording, sources, failure) + [UInt8(ascii: "\n")], status: status)
        }
        return Report(lines: text(of: recording, sources) + [failure].compactMap { $0 }, status: status)
    }

    private static func text(of recording: CostRecording, _ sources: [DeliveryTally.Source]) -> [String] {
        let events = recording.tally.events
        var lines = ["\(events) events\(recording.seconds.map { " in \($0) s" } ?? "")"]
        for (index, source) in sources.enumerated() {
            let delivered = recording.tally.delivered[index]
            lines.append("  \(source.name.padded(to: 6)) delivers \(delivered)\(share(delivered, of: events))")
        }
        lines.append("")
        var head = ["matched"]
        for source in sources { head += ["\(source.name)", "alone"] }
        lines.append(head.map { $0.leftPadded(to: 10) }.joined() + "  rule")
        let ranked = recording.tally.rules.sorted { ($1.asked.max() ?? 0, $0.name) < ($0.asked.max() ?? 0, $1.name) }
        for rule in ranked {
            var numbers = [rule.matched]
            for index in sources.indices { numbers += [rule.asked[index], rule.alone[index]] }
            lines.append(numbers.map { String($0).leftPadded(to: 10) }.joined() + "  \(rule.name)")
        }
        lines += [
            "", "A source's column: events that it delivers for the rule; alone: those that no other rule asks for.",
        ]
        return lines
    }

    private static func share(_ part: UInt64, of whole: UInt64) -> String {
        guard whole > 0 else { return "" }
        let tenths = part * 1000 / whole
        return " (\(tenths / 10).\(tenths % 10) %)"
    }

    private static func json(
        of recording: CostRecording, _ sources: [DeliveryTally.Source], _ failure: String?
    ) -> [UInt8] {
        var json = JSONWriter()
        json.beginObject()
        // Then the counts are of what could be read.
        if let failure {
            json.member("error", failure)
        }
        json.member("events", recording.tally.events)
        json.key("sources")
        json.beginArray()
        for (index, source) in sources.enumerated() {
            json.beginObject()
            json.member("name", source.name)
            json.member("delivered", recording.tally.delivered[index])
            json.endObject()
        }
        json.endArray()
        json.key("rules")
        json.beginArray()
        for rule in recording.tally.rules {
            json.beginObject()
            json.member("name", rule.name)
            json.member("matched", rule.matched)
            for (key, counts) in [("asked", rule.asked), ("alone", rule.alone)] {
                json.key(key)
                json.beginObject()
                for (index, source) in sources.enumerated() {
                    json.member(source.name, counts[index])
                }
                json.endObject()
            }
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return json.bytes
    }
}

/// Counts the events of logs, each node's with a state of its own.
private final class CostRecording: EventSink {
    private(set) var tally: DeliveryTally
    private var readers: [[UInt8]: EventFieldReader] = [:]
    private let configuration: Configuration
    private var first: UInt64?
    private var last: UInt64 = 0

    init(_ tally: consuming DeliveryTally, _ configuration: Configuration) {
        self.tally = tally
        self.configuration = configuration
    }

    /// Seconds from the first event to the last; nil when it is less than one.
    var seconds: UInt64? {
        guard let first, last > first else { return nil }
        let seconds = (last - first) / 1_000_000_000
        return seconds > 0 ? seconds : nil
    }

    /// Takes the events of a recording; gives why it could not be read to its end.
    func take(_ path: String, _ rules: ConfiguredRules) throws(RecordingError) -> String? {
        var run = try RecordedDetection(
            path: path, rules: RuleEvaluation(RuleSet([], catalogue: rules.catalogue)),
            RecordedDetection.Settings(state: configuration.stateOptions(rules.needs, rules.catalogue)))
        do throws(RecordingError) {
            while let act = try run.step(send: { _ in }) {
                guard act == .event, run.isSeen else { continue }
                note(run.detection.state.current.event.timeNanoseconds)
                tally.take(run.reader)
            }
            return nil
        } catch {
            return "\(path): \(error)"
        }
    }

    private func note(_ time: UInt64) {
        if first == nil { first = time }
        last = max(last, time)
    }

    func receive(_ event: inout RawEvent) {
        note(event.timeNanoseconds)
        let node = event.node.isPresent ? Array(event.slice(event.node)) : []
        let reader = readers[node] ?? makeReader(node)
        let applied = reader.state.apply(&event)
        if !applied.isDuplicate { tally.take(reader) }
    }

    /// A log may name any number of nodes: those beyond a bound share one state.
    private func makeReader(_ node: [UInt8]) -> EventFieldReader {
        if readers.count >= 256, let shared = readers[[]] { return shared }
        let key = readers.count >= 256 ? [] : node
        let reader = EventFieldReader(
            state: NodeState(files: NoFiles()), hostname: String(decoding: key, as: UTF8.self),
            staticFields: configuration.staticFields.map(\.value))
        readers[key] = reader
        return reader
    }

    func report(_ notice: SourceNotice) {}
}

extension String {
    /// With blanks before it to a width.
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
