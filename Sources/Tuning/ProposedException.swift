import EventModel

/// The narrowest exception to a rule that would have kept some of its alerts quiet.
public struct ProposedException: Sendable, Equatable {
    /// Why there is none.
    public struct Refusal: Error, Equatable {
        /// What is wrong and what would mend it.
        public var message: String
    }

    /// The rule.
    public let rule: String
    /// What must hold, all of it.
    public let comparisons: [ExceptionComparison]
    /// Whether the program must also be what its path says (`proc.exepath.trusted`): whoever has a mount namespace of his own can
    /// have any program at any path. Falco has no such field.
    public var asksForTrust = true

    /// The exception that covers these alerts of one rule: of each field that tells who did what to what, the values that they have.
    ///
    /// - Parameter fields: rests on these only, whatever they are; nil: on all that say something.
    public init(covering alerts: [RaisedAlert], fields: [String]? = nil) throws(Refusal) {
        guard let rule = alerts.first?.rule else { throw Refusal(message: "there is no alert") }
        self.rule = rule
        var found: [ExceptionComparison] = []
        for field in TunableField.all where fields?.contains(field.name) ?? true {
            let values = alerts.compactMap { $0.fields[field.name] }
            guard values.count == alerts.count else { continue }
            if let comparison = ExceptionComparison.covering(values, of: field) { found.append(comparison) }
        }
        for name in fields ?? [] where !found.contains(where: { $0.field == name }) {
            let known = TunableField.all.map(\.name)
            throw Refusal(
                message: known.contains(name)
                    ? "the alerts have no value of '\(name)', or too many different ones, to rest an exception on"
                    : "'\(name)' is of one event only; an exception can rest on \(known.joined(separator: ", "))")
        }
        comparisons = found
        if fields == nil { try check() }
    }

    private func check() throws(Refusal) {
        guard let program = comparisons.first(where: { $0.field == "proc.exepath" }) else {
            throw Refusal(
                message:
                    "the alerts don't say which program it was, or of too many: an exception by names or command lines is "
                    + "open to everybody who uses the same. Add proc.exepath to the rule's output (append_output does that), "
                    + "give alerts of fewer programs, or name what to rest on with --fields")
        }
        for path in program.values {
            if ProgramPath.isWritableByAnybody(path) {
                throw Refusal(
                    message:
                        "\(path) is where anybody can put a program: an exception for it would be one for everybody. "
                        + "Install the program elsewhere")
            }
            if ProgramPath.isGeneral(path), !comparisons.contains(where: { $0.field == "proc.cmdline" }) {
                throw Refusal(
                    message:
                        "\(path) does whatever it is told, and the alerts have no common 'proc.cmdline' that says what: "
                        + "give alerts of one use of it at a time, or name what to rest on with --fields")
            }
        }
    }

    /// Whether it would have kept an alert quiet.
    public func covers(_ alert: RaisedAlert) -> Bool {
        alert.rule == rule && comparisons.allSatisfy { $0.holds(of: alert) }
    }

    // MARK: As a rules file

    /// Its name among the rule's exceptions: of whom, and until when, so that whoever reads that it held knows whom to ask.
    ///
    /// - Parameter expiry: nanoseconds since the epoch.
    public func name(owner: String, expiry: UInt64?) -> String {
        let safe = owner.map { $0.isLetter || $0.isNumber || "-._@".contains($0) ? $0 : "_" }
        // Another exception of the same owner is another one: names are unique within a rule.
        var hash: UInt32 = 2_166_136_261
        for byte in comparisons.map({ "\($0)" }).joined().utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let suffix = String(hash & 0xFFFF, radix: 16)
        return "\(String(safe))_until_\(expiry.map(Self.date) ?? "revoked")_\(suffix)"
    }

    /// A rules file that adds the exception to the rule, for Shrike and for Falco. It ends to hold by itself: one of its
    /// comparisons is of the event's time.
    public func rulesFile(owner: String, expiry: UInt64?) -> String {
        // The path where the file is what it says; none elsewhere.
        var fields = comparisons.map {
            asksForTrust && $0.field == "proc.exepath" ? "proc.exepath.trusted" : $0.field
        }
        var comparators = comparisons.map(\.comparator)
        var values = comparisons.map { comparison in
            let written = comparison.values.map(Self.written)
            guard case .isOneOf = comparison.test else { return written.joined() }
            return "[\(written.joined(separator: ", "))]"
        }
        if let expiry {
            fields.append("evt.rawtime")
            comparators.append("<")
            values.append("\(expiry)")
        }
        let end = expiry.map { "  # holds for what happens before \(Self.date($0))" } ?? ""
        return """
            - rule: \(Self.inQuotes(rule))
              exceptions:
                - name: \(Self.inQuotes(name(owner: owner, expiry: expiry)))
                  fields: [\(fields.map(Self.plain).joined(separator: ", "))]
                  comps: [\(comparators.joined(separator: ", "))]
                  values:
                    - [\(values.joined(separator: ", "))]\(end)
              override:
                exceptions: append

            """
    }

    /// A value as the condition is to have it, in quotation marks of its own: a bare one would be taken for the name of a list.
    private static func written(_ value: String) -> String {
        value.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? value : inQuotes("\"\(value)\"")
    }

    /// A field's name: in quotation marks where its index would begin a list.
    private static func plain(_ field: String) -> String { field.contains("[") ? inQuotes(field) : field }

    /// A text in YAML's double quotation marks.
    private static func inQuotes(_ text: String) -> String {
        "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    /// The day of a time, in UTC.
    static func date(_ nanoseconds: UInt64) -> String {
        var text: [UInt8] = []
        CalendarTime(nanoseconds, isLocal: false).appendDate(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
