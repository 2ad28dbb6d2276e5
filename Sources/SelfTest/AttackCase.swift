import RuleLanguage

/// What the head of an attack's file says: which rules must alert, which must not, and what it takes to run it.
public struct AttackCase: Sendable, Equatable {
    /// The file.
    public var path: String
    /// `LAYER/NAME`: the file's directory and its name without `.sh`.
    public var name: String
    /// The rules that must alert (`# rule:`).
    public var rules: [String] = []
    /// The rules that must not (`# quiet:`).
    public var quietRules: [String] = []
    /// The techniques of ATT&CK that it shows (`# technique:`).
    public var techniques: [String] = []
    /// What it shows, in a line (`# case:`).
    public var summary = ""
    /// What it takes to run it (`# needs:`): `root`, `container`, or the name of a program.
    public var needs: [String] = []
    /// The sources that can't see it (`# blind:`), by name.
    public var blindSources: [String] = []

    /// A case without any content.
    public init(path: String, name: String) { (self.path, self.name) = (path, name) }

    /// A line of a head that can't be right.
    public struct Problem: Error, Equatable, CustomStringConvertible {
        /// The file.
        public var path: String
        /// The line, from 1.
        public var line: Int
        /// What is wrong, what was expected.
        public var message: String

        /// `file:line:1: message`.
        public var description: String { "\(path):\(line):1: \(message)" }
    }

    /// Reads the head of a file: its comment lines up to the first line that is none.
    public init(path: String, name: String, text: String) throws(Problem) {
        self.init(path: path, name: name)
        var line = 0
        for raw in text.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            guard raw.hasPrefix("#") else { break }
            guard !raw.hasPrefix("#!") else { continue }
            let content = raw.dropFirst().drop { $0 == " " }
            guard let colon = content.firstIndex(of: ":") else { continue }
            let value = Self.trimmed(content[content.index(after: colon)...])
            switch content[..<colon] {
            case "rule": rules.append(try Self.filled(value, "rule", path, line))
            case "quiet": quietRules.append(try Self.filled(value, "quiet", path, line))
            case "case": summary = try Self.filled(value, "case", path, line)
            case "technique": techniques += Self.words(value)
            case "blind": blindSources += Self.words(value)
            case "needs": needs += Self.words(value).filter { $0 != "nothing" }
            case let key:
                // A remark may have a colon, too; what can't be told from a key must be one.
                let question = Suggestion.question(for: String(key), in: Self.keys)
                // Nor is an address one.
                guard question != nil || Self.isWord(key), !value.hasPrefix("//") else { continue }
                throw Problem(
                    path: path, line: line,
                    message: "unknown key '\(key)', expected \(Self.keys.joined(separator: ", "))"
                        + (question.map { "; \($0)" } ?? ""))
            }
        }
        if rules.isEmpty, quietRules.isEmpty {
            throw Problem(
                path: path, line: 1,
                message: "the head names no rule; expected '# rule: NAME' or '# quiet: NAME' above the first command")
        }
        if summary.isEmpty {
            throw Problem(path: path, line: 1, message: "the head has no '# case: WHAT IT SHOWS'")
        }
    }

    private static let keys = ["rule", "quiet", "case", "technique", "blind", "needs"]

    /// Whether it is written as a key: one word in small letters.
    private static func isWord(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    private static func filled(
        _ value: String, _ key: String, _ path: String, _ line: Int
    ) throws(Problem) -> String {
        guard value.isEmpty else { return value }
        throw Problem(path: path, line: line, message: "'# \(key):' is empty")
    }

    /// Words parted by commas; what stands in parentheses is a remark.
    private static func words(_ value: String) -> [String] {
        value.split(separator: ",").map { trimmed($0.prefix { $0 != "(" }) }.filter { !$0.isEmpty }
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        let start = text.drop { $0.isWhitespace }
        return String(start.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// Whether a word of the command line means this case: its name, its layer, or a part of one of its rules' names.
    func isMeant(by word: String) -> Bool {
        let wanted = word.lowercased()
        return name == word || name.hasPrefix(word + "/")
            || (rules + quietRules).contains { $0.lowercased().contains(wanted) }
    }
}
