public import EventModel

/// How alerts show values.
public struct AlertOptions: Sendable, Hashable {
    /// Whether byte buffers print as base64 instead of their printable bytes (`buffer_format_base64`).
    public var usesBase64 = false
    /// Whether the event's time is keyed `evt.time.iso8601` (`time_format_iso_8601`).
    public var usesISOTime = false
    /// Falco's defaults.
    public init() {}
}

/// Builds the alerts of matched rules.
public struct AlertBuilder: Sendable {
    private let ruleSet: RuleSet
    private let options: AlertOptions

    /// A builder for the rules of a set.
    public init(_ ruleSet: RuleSet, options: AlertOptions = AlertOptions()) {
        self.ruleSet = ruleSet
        self.options = options
    }

    /// The alert of a rule that `evaluator` has just matched; nil when the set has no such rule. Values that evaluation
    /// has read are not read again.
    ///
    /// - Parameters:
    ///   - facts: what the alert knows beside the event.
    ///   - kept: what a correlation kept of its earlier events; its text is in the evaluator's memory.
    public func alert<Reader: FieldReader>(
        forRule rule: Int, timeNanoseconds: UInt64, evaluator: inout Evaluator, reader: Reader,
        facts: AlertFacts = AlertFacts(), kept: KeptValues = KeptValues()
    ) -> Alert? {
        guard ruleSet.rules.indices.contains(rule), ruleSet.outputs.indices.contains(rule) else { return nil }
        let description = ruleSet.rules[rule]
        let output = ruleSet.outputs[rule]
        let renderer = OutputRenderer(
            options: options, timeNanoseconds: timeNanoseconds, facts: facts, kept: kept)
        let timeKey = options.usesISOTime ? "evt.time.iso8601" : "evt.time"
        var fields: [(key: String, value: AlertValue)] = [(timeKey, Self.time(timeNanoseconds))]
        for field in output.fields where field.key != timeKey {
            fields.append((field.key, renderer.alertValue(field.value, &evaluator, reader)))
        }
        for extra in output.extras {
            let value: AlertValue =
                switch extra.content {
                case .raw(let value): renderer.alertValue(value, &evaluator, reader)
                case .text(let pieces): .string(renderer.text(of: pieces, &evaluator, reader))
                }
            // An extra field replaces one of the same key.
            if let known = fields.firstIndex(where: { $0.key == extra.key }) {
                fields[known].value = value
            } else {
                fields.append((extra.key, value))
            }
        }
        for fact in AlertFact.allCases {
            guard let value = facts.value(of: fact), !fields.contains(where: { $0.key == fact.rawValue }) else {
                continue
            }
            fields.append((fact.rawValue, value))
        }
        var message = renderer.text(of: output.pieces, &evaluator, reader)
        if let lost = facts.correlation?.lost, lost > 0 {
            message += "\(message.isEmpty ? "" : " ")(\(lost) events were lost meanwhile)".utf8
        }
        return Alert(
            timeNanoseconds: timeNanoseconds, rule: description.name, priority: description.priority,
            source: description.source, tags: description.tags,
            message: message, fields: fields
        )
    }

    private static func time(_ nanoseconds: UInt64) -> AlertValue {
        Int64(exactly: nanoseconds).map { .signed($0) } ?? .unsigned(nanoseconds)
    }
}

/// Renders the values of one alert.
struct OutputRenderer {
    let options: AlertOptions
    let timeNanoseconds: UInt64
    let facts: AlertFacts
    let kept: KeptValues

    /// The text of a template.
    func text<Reader: FieldReader>(
        of pieces: [RuleOutput.Piece], _ evaluator: inout Evaluator, _ reader: Reader
    ) -> [UInt8] {
        var line: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .text(let text): line += text
            case .value(let value, let width):
                let start = line.count
                let found = self.value(of: value, &evaluator, reader)
                ValueText(arena: evaluator.arena, options: options).append(found, value.form, to: &line)
                guard let width else { continue }
                let length = line.count - start
                if length > width {
                    line.removeLast(length - width)
                } else {
                    line += Array(repeating: UInt8(ascii: " "), count: width - length)
                }
            }
        }
        return line
    }

    /// A value with its type, for JSON.
    func alertValue<Reader: FieldReader>(
        _ value: RuleOutput.Value, _ evaluator: inout Evaluator, _ reader: Reader
    ) -> AlertValue {
        if value.form.isEventTime { return .unsigned(timeNanoseconds) }
        if let fact = value.form.fact { return facts.value(of: fact) ?? .null }
        let found = self.value(of: value, &evaluator, reader)
        return ValueText(arena: evaluator.arena, options: options).alertValue(found, value.form)
    }

    private func value<Reader: FieldReader>(
        of value: RuleOutput.Value, _ evaluator: inout Evaluator, _ reader: Reader
    ) -> FieldValue {
        if let fact = value.form.fact {
            switch facts.value(of: fact) {
            case .unsigned(let number): return fact.isTime ? evaluator.arena.timeText(number) : .unsigned(number)
            case .string(let text): return evaluator.arena.string(text)
            default: return .null
            }
        }
        if let step = value.form.step { return kept.value(step, value.keptIndex) }
        return evaluator.value(ofSlot: Int(value.slot), reader)
    }
}

extension ValueArena {
    /// A time as ISO 8601 in UTC, with nanoseconds.
    fileprivate mutating func timeText(_ nanoseconds: UInt64) -> FieldValue {
        let start = mark
        append { text in
            let time = CalendarTime(nanoseconds, isLocal: false)
            time.appendDate(to: &text)
            text.append(UInt8(ascii: "T"))
            time.appendClock(to: &text)
            CalendarTime.appendFraction(of: nanoseconds, to: &text)
        }
        append(UInt8(ascii: "Z"))
        return string(from: start)
    }
}
