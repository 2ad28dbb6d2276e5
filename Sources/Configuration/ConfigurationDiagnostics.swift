import RuleLanguage

/// Collects the problems of a configuration; knows the texts of its files, to show the lines that are meant.
struct ConfigurationDiagnostics: Sendable {
    private(set) var diagnostics: [Diagnostic] = []
    private var linesByFile: [String: [Substring]] = [:]

    /// Whether the configuration can't be used.
    var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    /// Remembers a file's text.
    mutating func addText(_ text: String, of file: String) {
        linesByFile[file] = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Notes an error in a value.
    mutating func error(
        _ message: String, code: LoadCode = .errYAMLValidate, at location: SourceLocation, suggestion: String? = nil
    ) {
        let hint = suggestion.map { "did you mean '\($0)'?" }
        add(.error, code, message, location, length: 1, suggestion: hint)
    }

    /// Notes an error with a hint in free text.
    mutating func error(_ message: String, code: LoadCode, at location: SourceLocation, hint: String?) {
        add(.error, code, message, location, length: 1, suggestion: hint)
    }

    /// Notes something that is ignored.
    mutating func warning(
        _ message: String, at location: SourceLocation, length: Int = 1, suggestion: String? = nil
    ) {
        add(.warning, .unknownKey, message, location, length: length, suggestion: suggestion)
    }

    /// Notes a key that nobody knows.
    mutating func unknownKey(_ path: String, entry: Setting.Entry, known: [String]) {
        let nearest = Suggestion.nearest(to: entry.key, in: known)
        add(
            .warning, .unknownKey, "unknown key '\(path)' has no effect", entry.keyLocation, length: entry.key.count,
            suggestion: nearest.map { "did you mean '\($0)'?" })
    }

    private mutating func add(
        _ severity: Diagnostic.Severity, _ code: LoadCode, _ message: String, _ location: SourceLocation, length: Int,
        suggestion: String?
    ) {
        var line: String?
        if let lines = linesByFile[location.file], lines.indices.contains(location.line - 1) {
            line = String(lines[location.line - 1])
        }
        diagnostics.append(
            Diagnostic(
                severity: severity, code: code, message: message, location: location, sourceLine: line,
                length: max(length, 1), suggestion: suggestion))
    }
}
