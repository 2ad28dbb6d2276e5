import JSONTree

/// What a command prints, and the status that it ends with.
public struct Report: Sendable, Equatable {
    /// What goes to standard output.
    public var bytes: [UInt8]
    /// What the program ends with.
    public var status: ExitStatus
    /// Whether it is an error for a person, who reads it on standard error.
    public var isError = false

    /// A report of bytes.
    public init(bytes: [UInt8], status: ExitStatus = .success) {
        self.bytes = bytes
        self.status = status
    }

    /// A report of lines.
    public init(lines: some Sequence<String>, status: ExitStatus = .success) {
        self.init(bytes: Array(lines.map { $0 + "\n" }.joined().utf8), status: status)
    }

    /// The report that a command can't do what it was asked for; as JSON `{"error": …}`.
    public static func failure(_ message: String, isJSON: Bool, status: ExitStatus = .invalid) -> Report {
        guard isJSON else {
            var report = Report(lines: [message], status: status)
            report.isError = true
            return report
        }
        var json = JSONWriter()
        json.object { $0.member("error", message) }
        return Report(bytes: json.bytes + [UInt8(ascii: "\n")], status: status)
    }

    /// The report as text.
    public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The form of a listing.
public enum ListForm: String, Sendable, CaseIterable {
    /// Columns for a person.
    case text
    /// Tables for documents.
    case markdown
    /// One JSON document on one line.
    case json
}

extension String {
    /// The text with blanks behind it, to at least this many characters.
    public func padded(to width: Int) -> String {
        count < width ? self + String(repeating: " ", count: width - count) : self
    }
}
